"""How a call to a model can end other than well: four kinds, by what to do about them."""

from __future__ import annotations


class Trouble(Exception):  # noqa: N818 - the family is named after what it means, not "error"
    """Be the root of what a call may raise."""


class Passing(Trouble):
    """Something that may be over soon: try again, not before `retry_after` seconds if it is set.

    `refused` tells that the backend has too much to do, rather than that it failed.
    """

    def __init__(
        self, message: str, *, retry_after: float | None = None, refused: bool = False
    ) -> None:
        super().__init__(message)
        self.retry_after = retry_after
        self.refused = refused


class Unsupported(Trouble):
    """The backend does not know a parameter; empty where it did not say which."""

    def __init__(self, parameter: str, message: str) -> None:
        super().__init__(message)
        self.parameter = parameter


class Rejected(Trouble):
    """No later try can succeed; `setting` names what to change.

    `everywhere` tells that every page would be rejected in the same way.
    """

    def __init__(self, message: str, *, setting: str, everywhere: bool = True) -> None:
        super().__init__(message)
        self.setting = setting
        self.everywhere = everywhere


class Unusable(Trouble):
    """The model answered, but not what was asked for.

    `cut` tells that the answer was cut at the limit of its tokens, `final` that asking again is no
    use.
    """

    def __init__(self, why: str, *, cut: bool = False, final: bool = False) -> None:
        super().__init__(why)
        self.cut = cut
        self.final = final
