"""Classify single-page PDFs with extract-thinker, as many at a time as there are threads.

Run in its own environment as `python extract_thinker_peer.py PORT THREADS FILE...`; prints JSON.
"""

import importlib
import json
import os
import sys
import time
from concurrent.futures import ThreadPoolExecutor


def main(port: str, threads: int, files: list[str]) -> None:
    """Classify all files once for warmth, one of them, then all of them with the clock running."""
    os.environ["OPENAI_API_BASE"] = os.environ["OPENAI_BASE_URL"] = f"http://127.0.0.1:{port}/v1"
    os.environ["OPENAI_API_KEY"] = "none"
    library = importlib.import_module("extract_thinker")
    kinds = [
        library.Classification(name="Invoice", description="asks for payment"),
        library.Classification(name="Contract", description="an agreement"),
    ]

    def classify(file: str) -> bool:
        extractor = library.Extractor()
        extractor.load_document_loader(library.DocumentLoaderPyPdf())
        extractor.load_llm("openai/gpt-4o-mini")
        return bool(extractor.classify(file, kinds).name == "Invoice")

    classify(files[0])
    started, cpu = time.perf_counter(), time.process_time()
    with ThreadPoolExecutor(threads) as pool:
        right = sum(pool.map(classify, files))
    took = {"seconds": time.perf_counter() - started, "cpu": time.process_time() - cpu}
    print(json.dumps(took | {"pages": right}))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), sys.argv[3:])
