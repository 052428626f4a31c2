"""Static files under names that hold their fingerprint, the imports between our scripts rewritten too."""

from typing import Any

from whitenoise.storage import CompressedManifestStaticFilesStorage


class StaticStorage(CompressedManifestStaticFilesStorage):
    """Django leaves the imports of JavaScript modules as they stand unless told.

    An address is worked out once a process: a page names some seventy files, and an upgrade starts processes again.
    """

    support_js_module_import_aggregation = True

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._known: dict[str, str] = {}

    def url(self, name: str, force: bool = False) -> str:
        """Address of a file."""
        if force:
            return super().url(name, force=True)
        if name not in self._known:
            self._known[name] = super().url(name)
        return self._known[name]
