"""What docsort uses of google-re2, which brings no types."""

class error(Exception): ...

class Options:
    max_mem: int
    log_errors: bool

class _Match:
    def start(self) -> int: ...

class _Regexp:
    def search(self, text: str) -> _Match | None: ...

def compile(pattern: str, options: Options) -> _Regexp: ...
