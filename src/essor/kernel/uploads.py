"""A file that was sent, on the disk for as long as it is read: readers of official formats want a path."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.core.files import File

from essor.kernel.files import clean_name


@contextmanager
def on_disk(upload: "File[Any]") -> Iterator[Path]:
    """The file under its own name, which messages quote, in a folder that goes away with the block."""
    with TemporaryDirectory(prefix="essor-upload-") as folder:
        path = Path(folder) / clean_name(upload.name or "")
        with path.open("wb") as sink:
            for block in upload.chunks():
                sink.write(block)
        yield path
