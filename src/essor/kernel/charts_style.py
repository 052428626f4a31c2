"""The style put in charts that leave the site as files: the light colours of tokens.css, which a test keeps equal."""

FILLS = {
    "1": "#0b5d5e",
    "2": "#bf7f00",
    "3": "#4a2a78",
    "4": "#3f87dc",
    "5": "#a3350a",
    "6": "#5d6b6a",
    "muted": "#a9b4ae",
    "association": "#3f87dc",
    "cooperative": "#a3350a",
    "mutual": "#4a2a78",
    "foundation": "#978500",
    "ess_company": "#07694f",
}
_RULES = (
    "text{font-family:'Atkinson Hyperlegible Next','Liberation Sans',sans-serif;font-size:15px;fill:#1e2a2f}"
    ".chart__value,.chart__name{font-weight:700}.chart__value--end,.chart__tick--end{text-anchor:end}"
    ".chart__tick{font-size:13px;fill:#52605f}.chart__tick--middle{text-anchor:middle}"
    ".chart__axis{stroke:#1e2a2f}.chart__grid{stroke:#e5dfd1}.chart__line{stroke-width:3;stroke-linecap:round}"
    ".chart__ring{fill:none}.chart__radar-label{font-size:13px}"
    ".chart__part{stroke:#fffefb;stroke-width:2}.chart__pattern{fill:#fffefb;stroke:#fffefb;stroke-width:1.5}"
)


def standalone_style() -> str:
    """CSS of a drawing outside the site."""
    fills = "".join(f".chart-fill--{name}{{fill:{colour}}}" for name, colour in FILLS.items())
    strokes = "".join(
        f".chart-stroke--{name}{{stroke:{colour}}}" for name, colour in FILLS.items() if name.isdigit()
    )
    return _RULES + fills + strokes
