"""Spreadsheets: read whatever they are called, never trusted, never dangerous when written."""

import io
import time
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from peppol import spreadsheets
from peppol.spreadsheets import bounded, harmless, read, write
from tenants.errors import Invalid


def of(content: bytes):
    return read(content)


def workbook(*rows) -> bytes:
    book, stream = Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(stream)
    return stream.getvalue()


@pytest.mark.parametrize(
    "text",
    [
        "Name,City\nPeeters,Liège\n",
        "Name;City\r\nPeeters;Liège\r\n",
        "Name\tCity\nPeeters\tLiège",
        '"Name","City"\n"Peeters","Liège"\n\n,\n',
        "Name,City,,\nPeeters,Liège,,\n",
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_csv_is_read_however_it_was_saved(text, encoding):
    sheet = of(text.encode(encoding))
    assert (sheet.columns, sheet.rows) == (["Name", "City"], [["Peeters", "Liège"]])


def test_a_workbook_is_read_as_text():
    sheet = of(workbook(["Name", "Number"], ["Peeters", 403170701], [None, None], ["B", 1.5]))
    assert sheet.rows == [["Peeters", "403170701"], ["B", "1.5"]]


def test_rows_keep_the_number_of_their_line():
    assert of(b"Name\n\na\n,\nb\n").numbers == [3, 5]


def test_short_and_long_rows_get_the_width_of_the_titles():
    assert of(b"a,b\n1\n1,2,3\n").rows == [["1", ""], ["1", "2"]]


@pytest.mark.parametrize(
    "content, code",
    [
        (b"", "empty_file"),
        (b"Name,City\n", "empty_file"),
        (b"PK\x03\x04 not a workbook", "unreadable_file"),
        (b"\xff\xfe\x00", "unreadable_file"),
        (b"a,b\n" + b'"' + b"x" * 200_000 + b'"\n', "unreadable_file"),
        (b"Name\n" + b"a\n" * 5001, "too_many_rows"),
    ],
)
def test_what_is_no_list_is_refused_with_a_reason(content, code):
    with pytest.raises(Invalid) as refusal:
        of(content)
    assert refusal.value.code == code and refusal.value.fields["file"]


def test_a_large_file_is_refused_before_it_is_read():
    class Unread:
        def read(self, size):
            raise AssertionError("It was read.")

    with pytest.raises(Invalid, match="10 MB"):
        bounded(Unread(), spreadsheets.MOST_BYTES + 1)
    with pytest.raises(Invalid, match="10 MB"):
        bounded(io.BytesIO(b"a" * (spreadsheets.MOST_BYTES + 1)), 1)


def test_a_zip_bomb_is_not_unpacked():
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for n in range(3):
            archive.writestr(f"xl/worksheets/sheet{n}.xml", b"\0" * 40_000_000)
    assert len(stream.getvalue()) < 1_000_000
    with pytest.raises(Invalid, match="unpacked"):
        of(stream.getvalue())


def sheet_of(xml: bytes, name: str = "xl/worksheets/sheet1.xml") -> bytes:
    """A workbook in which the file of this name is `xml`."""
    stream, whole = io.BytesIO(), workbook(["Name"], ["x"])
    with (
        zipfile.ZipFile(io.BytesIO(whole)) as old,
        zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for member in old.namelist():
            new.writestr(member, xml if member == name else old.read(member))
    return stream.getvalue()


MAIN = b'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
NAMED = b'<row r="%d"><c r="A%d" t="inlineStr"><is><t>x</t></is></c></row>'


@pytest.mark.parametrize(
    "name, xml, code",
    [
        ("worksheets/sheet1", NAMED % (1, 1) + NAMED % (1_048_576, 1_048_576), "too_many_rows"),
        ("worksheets/sheet1", b"<row/>" * 10 * 2**20, "too_many_rows"),
        ("worksheets/sheet1", b"<x:row/>" * 2**20, "too_many_rows"),
        ("worksheets/sheet1", b"<row>" + b"<c/>" * 2**21 + b"</row>", "file_too_large"),
        ("worksheets/sheet1", b"<t/>" * 2**21, "file_too_large"),
        ("styles", b"<xf/>" * 2**20, "file_too_large"),
    ],
    ids=["far apart", "empty rows", "prefixed", "empty cells", "texts", "styles"],
)
def test_what_costs_much_and_says_little_is_refused_at_once(name, xml, code):
    """Two rows far apart took 29 seconds, and ten million empty ones 900 MB."""
    root = b"<worksheet " + MAIN + b' xmlns:x="y"><sheetData>%b</sheetData></worksheet>'
    content = sheet_of(root % xml, f"xl/{name}.xml")
    began = time.thread_time()
    with pytest.raises(Invalid) as refusal:
        of(content)
    assert refusal.value.code == code
    assert time.thread_time() - began < 5


def test_lines_without_a_word_are_lines_too():
    with pytest.raises(Invalid) as refusal:
        of(b"Name\n" + b"\n" * 1_000_000)
    assert refusal.value.code == "too_many_rows"


def test_entities_in_a_workbook_are_not_expanded():
    stream, laughs = io.BytesIO(), workbook(["Name"], ["x"])
    with zipfile.ZipFile(io.BytesIO(laughs)) as old, zipfile.ZipFile(stream, "w") as new:
        for member in old.namelist():
            content = old.read(member)
            if member.endswith("sheet1.xml"):
                bomb = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
                content = bomb + content.partition(b"?>")[2].replace(b"<sheetData>", b"<sheetData>")
            new.writestr(member, content)
    with pytest.raises(Invalid):
        of(stream.getvalue())


@given(st.binary(max_size=300), st.booleans())
def test_reading_anything_gives_rows_or_a_reason(content, zipped):
    try:
        sheet = of(b"PK\x03\x04" + content if zipped else content)
    except Invalid:
        return
    assert all(len(row) == len(sheet.columns) for row in sheet.rows)
    assert "\x00" not in str(sheet.rows)


@pytest.mark.parametrize("text", ["=1+1", "+32 9", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_what_a_spreadsheet_would_run_is_written_as_text(text):
    assert harmless(text) == f"'{text}"
    rows = list(load_workbook(io.BytesIO(write(["A"], [[text]], "xlsx"))).active.values)
    assert rows[1][0].startswith("'")
    assert write(["A"], [[text]], "csv").decode().splitlines()[1].lstrip('"').startswith("'")


@pytest.mark.parametrize("format", ["csv", "xlsx"])
def test_what_was_written_is_read_as_it_was(format):
    sheet = of(write(["Name", "Phone"], [["Peeters", "+32 9 000 00 00"], ["=Co", ""]], format))
    assert sheet.rows == [["Peeters", "+32 9 000 00 00"], ["=Co", ""]]
