"""Make the font files of reports/fonts/ from Noto Sans SC: the characters that Chinese reports need, without hinting.

    python docs/make_fonts.py NotoSansSC-Regular.ttf NotoSansSC-Bold.ttf Unihan_OtherMappings.txt

The sources: static TrueType files of Noto Sans SC, version 2.004 or later (SIL Open Font License 1.1), for example from
the npm package ``@expo-google-fonts/noto-sans-sc``; and the Unicode Han Database, whose field kTGH is the 通用规范汉字表
(Debian package ``unicode-data``). The same sources give the same files.
"""

from __future__ import annotations

import sys
from pathlib import Path

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

FONTS = Path(__file__).resolve().parents[1] / "reports" / "fonts"
#: Blocks other than Chinese characters: Latin with pinyin tones, Greek, punctuation, units, arrows, mathematics, shapes.
BLOCKS = (
    (0x20, 0x7E),
    (0xA0, 0x17F),
    (0x1CD, 0x1DC),
    (0x2B0, 0x2DD),
    (0x370, 0x3FF),
    (0x2000, 0x206F),
    (0x2070, 0x209F),
    (0x20A0, 0x20BF),
    (0x2100, 0x214F),
    (0x2150, 0x218F),
    (0x2190, 0x21FF),
    (0x2200, 0x22FF),
    (0x2460, 0x24FF),
    (0x2500, 0x257F),
    (0x2580, 0x259F),
    (0x25A0, 0x25FF),
    (0x2600, 0x26FF),
    (0x2700, 0x27BF),
    (0x3000, 0x303F),
    (0x3200, 0x32FF),
    (0x3300, 0x33FF),
    (0xFF00, 0xFFEF),
)


def general_standard(unihan: Path) -> set[int]:
    """The 8105 characters of the 通用规范汉字表 (2013), the field kTGH of the Unicode Han Database."""
    lines = (line.split("\t") for line in unihan.read_text(encoding="utf-8").splitlines() if "\tkTGH\t" in line)
    found = {int(code.removeprefix("U+"), 16) for code, *_ in lines}
    if len(found) != 8105:
        sys.exit(f"{unihan}: {len(found)} characters with kTGH instead of 8105")
    return found


def gb2312(first_row: int = 1, last_row: int = 87) -> set[int]:
    """The characters of GB/T 2312—1980 in these rows: 1 to 9 symbols, 16 to 55 and 56 to 87 hanzi."""
    cells = (bytes((0xA0 + row, 0xA0 + cell)) for row in range(first_row, last_row + 1) for cell in range(1, 95))
    return {ord(character) for cell in cells if (character := cell.decode("gb2312", "ignore"))}


def subset(source: Path, target: Path, characters: set[int]) -> None:
    """Write a font with these characters only; hinting and layout features go, except kerning of Latin letters."""
    options = Options(
        hinting=False,
        layout_features=["kern"],
        name_IDs=["*"],
        notdef_outline=True,
        drop_tables=["vhea", "vmtx", "BASE", "VORG", "DSIG"],
    )
    font = TTFont(source, recalcTimestamp=False)
    cutter = Subsetter(options)
    cutter.populate(unicodes=characters)
    cutter.subset(font)
    font["name"].setName("Subset for Liantu reports; not the original font", 10, 3, 1, 0x409)
    font.save(target)
    sys.stdout.write(f"{target.name}: {len(font.getBestCmap())} characters, {target.stat().st_size / 1e6:.2f} MB\n")


def main(regular: Path, bold: Path, unihan: Path) -> None:
    """Both weights have the same characters, so that a heading can hold any name that the text can."""
    shapes = {code for first, last in BLOCKS for code in range(first, last + 1)}
    characters = shapes | gb2312() | general_standard(unihan)
    subset(regular, FONTS / "NotoSansSC-Regular.ttf", characters)
    subset(bold, FONTS / "NotoSansSC-Bold.ttf", characters)


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:4]))
