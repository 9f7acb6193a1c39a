"""Ten simple garments, one of each class, drawn on a page of 400 x 600 points.

Shoes point to the left, as they do in the data set.
"""

from fmnist_core.prediction.drawing import Page, darker


def draw_t_shirt(page: Page) -> None:
    """A red T-shirt."""
    red = (196, 62, 58)
    page.whole("155,92 112,108 28,222 92,268 116,236 112,510 200,518", red)
    page.whole("155,92 163,112 180,128 200,134", darker(red))
    page.lines("116,236 122,190", darker(red))
    page.line("112,496 288,496", darker(red))


def draw_trousers(page: Page) -> None:
    """Blue trousers."""
    blue = (52, 78, 128)
    page.whole("132,52 112,300 104,552 176,556 194,250 200,236", blue)
    page.whole("132,52 130,80 200,84", darker(blue))
    page.line("200,84 200,236", darker(blue))
    page.lines("132,110 160,118 176,84", darker(blue))


def draw_pullover(page: Page) -> None:
    """A green pullover with ribs."""
    green = (62, 112, 84)
    page.both("122,88 96,104 76,140 30,488 88,496 124,250", green)
    page.whole("150,78 112,92 112,300 106,520 200,524", green)
    page.whole("150,78 162,104 200,112", darker(green))
    page.whole("107,492 106,522 200,526", darker(green))
    page.both("33,464 30,490 88,498 92,470", darker(green))
    for height in range(150, 480, 24):
        page.line(f"113,{height} 287,{height}", darker(green, 0.9), 3)


def draw_dress(page: Page) -> None:
    """A violet dress with a belt."""
    violet = (132, 58, 122)
    page.whole(
        "200,112 184,102 172,84 164,48 146,50 136,120 150,170 154,240 118,548 200,560", violet
    )
    page.whole("154,236 154,254 200,258", darker(violet))
    page.lines("165,262 134,548", darker(violet, 0.85))
    page.lines("183,262 168,548", darker(violet, 0.85))


def draw_coat(page: Page) -> None:
    """A brown coat with three buttons."""
    brown = (122, 92, 66)
    page.both("126,76 98,94 82,130 46,472 98,480 128,250", brown)
    page.whole("160,60 114,82 112,300 98,556 200,560", brown)
    page.lines("116,104 113,300", darker(brown))
    page.both("160,60 140,84 166,176 198,240 186,120", darker(brown))
    page.line("200,236 200,560", darker(brown, 0.5), 3)
    for height in (270, 340, 410):
        page.dot(214, height, 6, darker(brown, 0.4))
    page.both("124,400 122,416 172,420 172,404", darker(brown))


def draw_sandal(page: Page) -> None:
    """A sandal with a heel."""
    tan = (176, 118, 62)
    page.fill(
        "28,398 120,392 230,370 372,316 380,336 372,402 330,404 322,372 240,400 120,414 32,412",
        darker(tan, 0.5),
    )
    page.line("66,400 80,366 104,348 136,344 160,356 178,388", tan, 16)
    page.line("120,348 160,344 208,326 254,290 300,250", tan, 12)
    page.line("364,322 362,286 346,258 300,246 272,290 262,360", tan, 12)


def draw_shirt(page: Page) -> None:
    """A blue shirt with buttons and a pocket."""
    blue = (112, 152, 196)
    page.both("124,84 98,100 80,136 40,480 90,488 126,250", blue)
    page.whole("156,74 113,88 114,300 108,500 150,530 200,524", blue)
    page.lines("115,106 114,300", darker(blue, 0.85))
    page.both("156,70 148,92 176,130 200,100", darker(blue))
    page.line("200,104 200,524", darker(blue))
    for height in range(140, 510, 52):
        page.dot(200, height, 4, (250, 250, 250))
    page.fill("226,176 272,176 272,222 249,234 226,222", darker(blue, 0.9))
    page.both("43,456 40,482 90,490 94,464", darker(blue))


def draw_sneaker(page: Page) -> None:
    """A grey sneaker with a light sole."""
    grey, light = (84, 96, 112), (206, 206, 206)
    page.fill(
        "24,372 34,342 92,322 160,290 214,246 250,256 318,262 362,240 378,270 382,372 200,380",
        grey,
        smooth=True,
    )
    page.fill("22,366 384,366 382,398 360,406 40,406 24,392", light)
    page.fill("24,366 36,340 84,326 104,366", darker(grey))
    for step in range(4):
        x, y = 144 + 22 * step, 302 - 15 * step
        page.line(f"{x},{y} {x + 26},{y + 20}", (240, 240, 240), 5)
    page.line("190,362 250,310 340,300", (240, 240, 240), 10)


def draw_bag(page: Page) -> None:
    """A leather bag with a clasp."""
    leather = (150, 74, 52)
    page.line(
        "132,262 134,206 146,168 170,146 200,138 230,146 254,168 266,206 268,262",
        darker(leather),
        14,
    )
    page.whole("52,254 32,470 48,486", leather)
    page.whole("52,254 60,350 200,372", darker(leather, 0.85))
    page.whole("184,346 184,384", (212, 176, 84))


def draw_ankle_boot(page: Page) -> None:
    """A black ankle boot."""
    black = (62, 56, 54)
    page.fill(
        "30,436 34,404 60,384 130,362 176,336 204,280 200,140 344,132 350,260 364,380 366,440",
        black,
    )
    page.fill(
        "28,432 236,438 264,428 368,432 366,486 290,486 280,452 220,458 34,456", darker(black, 0.5)
    )
    page.line("226,142 232,290 214,350", (150, 142, 136), 4)
    page.line("322,140 330,300", darker(black, 0.6), 14)
