"""The order in which a run of several processes takes its tests."""

from __future__ import annotations

from order import SLOW, TOGETHER, dealt


def file_of(test: str) -> str:
    """Return a test's file."""
    return test.partition("::")[0]


def written(file: str, count: int) -> list[str]:
    """Return so many tests of a file."""
    return [f"{file}::{number}" for number in range(count)]


def test_each_process_begins_with_slow_tests_and_files_stay_whole() -> None:
    """All tests are run once; parts are about as long, for each process gets as many tests."""
    slow = [f"tests/{folder}/test_{name}.py" for folder in SLOW[:12] for name in "ab"]
    quick = [f"tests/engine/test_{number}.py" for number in range(40)]
    tests = [test for file in (*quick, *slow) for test in written(file, 5)]
    found = dealt(tests, 4, file_of)
    assert sorted(found) == sorted(tests)
    files = list(dict.fromkeys(map(file_of, found)))
    assert [test for file in files for test in written(file, 5)] == found
    quarter = len(found) // 4
    heads = [file_of(found[part * quarter]) for part in range(4)]
    assert heads == [*slow[:4]]


def test_one_file_alone_is_taken_as_it_is() -> None:
    """As when somebody runs a single file with several processes."""
    tests = written("tests/engine/test_a.py", 3)
    assert dealt(tests, 4, file_of) == tests


def test_some_folders_stay_whole() -> None:
    """What their tests load is loaded once."""
    slow = [f"tests/{folder}/test_{name}.py" for folder in SLOW for name in "ab"]
    tests = [test for file in slow for test in written(file, 2)]
    found = dealt(tests, 4, file_of)
    for folder in TOGETHER:
        places = [place for place, test in enumerate(found) if f"/{folder}/" in test]
        assert places == [*range(places[0], places[0] + 4)]
