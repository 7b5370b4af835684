"""Classify the pages of PDFs with cat-llm, which asks one model about one text after the other.

Run in its own environment as `python cat_llm_peer.py PORT THREADS FILE...`; prints JSON. Its
threads are for several models: with one of them it goes through the texts in turn.
"""

import contextlib
import importlib
import json
import sys
import time


def main(port: str, threads: int, files: list[str]) -> None:
    """Classify one text for warmth, then all of them with the clock running."""
    providers = importlib.import_module("catstack._providers")
    url = f"http://127.0.0.1:{port}/v1/chat/completions"
    providers.PROVIDER_CONFIG["openai"]["endpoint"] = url
    classify = importlib.import_module("catstack").classify
    reader = importlib.import_module("pypdf").PdfReader

    def run(some: list[str]) -> int:
        texts = [reader(file).pages[0].extract_text() for file in some]
        with contextlib.redirect_stdout(sys.stderr):
            table = classify(
                input_data=texts,
                categories=["Invoice", "Contract"],
                api_key="none",
                user_model="gpt-4o-mini",
                model_source="openai",
                max_workers=threads,
                multi_label=False,
                json_formatter=False,
                add_other=False,
                check_verbosity=False,
            )
        return len(table)

    run(files[:1])
    started, cpu = time.perf_counter(), time.process_time()
    pages = run(files)
    took = {"seconds": time.perf_counter() - started, "cpu": time.process_time() - cpu}
    print(json.dumps(took | {"pages": pages}))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), sys.argv[3:])
