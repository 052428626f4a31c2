"""Static files under names that hold their fingerprint, the imports between our scripts rewritten too."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class StaticStorage(CompressedManifestStaticFilesStorage):
    """Django leaves the imports of JavaScript modules as they stand unless told."""

    support_js_module_import_aggregation = True
