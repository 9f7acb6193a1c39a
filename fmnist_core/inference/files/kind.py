"""What a file is, from its first bytes: its name says nothing that can be relied on."""

_PICTURES = (
    (b"\x89PNG\r\n\x1a\n", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"GIF87a", "GIF"),
    (b"GIF89a", "GIF"),
    (b"BM", "BMP"),
)
_OTHERS = (
    (b"%PDF", "a PDF document"),
    (b"PK\x03\x04", "a ZIP archive or an office document"),
    (b"II*\0", "a TIFF picture; save it as PNG or JPEG"),
    (b"MM\0*", "a TIFF picture; save it as PNG or JPEG"),
    (b"8BPS", "a Photoshop file; save it as PNG or JPEG"),
)
# The brands of ISO media files that telephones and browsers write.
_BRANDS = {
    b"avif": "an AVIF picture; save it as PNG or JPEG",
    b"avis": "an AVIF picture; save it as PNG or JPEG",
    **dict.fromkeys(
        (b"heic", b"heix", b"heif", b"mif1", b"msf1", b"hevc"),
        "a HEIC picture; save it as JPEG",
    ),
}
_TEXT_SAMPLE = 512


def kind_of(data: bytes) -> str:
    """Returns PNG, JPEG, WebP, GIF or BMP, or else words for what the file seems to be."""
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "WebP"
    for start, kind in (*_PICTURES, *_OTHERS):
        if data.startswith(start):
            return kind
    if data[4:8] == b"ftyp":
        return _BRANDS.get(data[8:12], "a video or an unknown kind of picture")
    return _text_kind(data[:_TEXT_SAMPLE])


def _text_kind(sample: bytes) -> str:
    opening = sample.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if b"<svg" in opening:
        return "an SVG drawing; save it as PNG"
    if opening.startswith((b"<!doctype html", b"<html")):
        return "an HTML page"
    if b"\0" in sample:
        return "a file of another kind"
    return (
        "a text file"
        if sample.decode("utf-8", "ignore").isprintable()
        or (sum(byte >= 32 or byte in b"\t\r\n" for byte in sample) > 0.95 * len(sample))
        else "a file of another kind"
    )
