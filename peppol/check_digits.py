"""Check digits of the numbers that identifier schemes hold, as python-stdnum knows them."""

from collections.abc import Callable
from dataclasses import dataclass
from types import ModuleType
from typing import Any

from stdnum import ean, iban, lei
from stdnum.ad import nrt as ad_nrt
from stdnum.al import nipt as al_nipt
from stdnum.at import uid as at_uid
from stdnum.au import abn as au_abn
from stdnum.be import vat as be_vat
from stdnum.bg import vat as bg_vat
from stdnum.ch import uid as ch_uid
from stdnum.ch import vat as ch_vat
from stdnum.cy import vat as cy_vat
from stdnum.cz import dic as cz_dic
from stdnum.de import leitweg as de_leitweg
from stdnum.de import vat as de_vat
from stdnum.dk import cvr as dk_cvr
from stdnum.ee import kmkr as ee_kmkr
from stdnum.ee import registrikood as ee_registrikood
from stdnum.es import nif as es_nif
from stdnum.fi import ytunnus as fi_ytunnus
from stdnum.fr import siren as fr_siren
from stdnum.fr import siret as fr_siret
from stdnum.fr import tva as fr_tva
from stdnum.gb import vat as gb_vat
from stdnum.gr import vat as gr_vat
from stdnum.hr import oib as hr_oib
from stdnum.hu import anum as hu_anum
from stdnum.ie import vat as ie_vat
from stdnum.is_ import kennitala as is_kennitala
from stdnum.it import codicefiscale as it_codicefiscale
from stdnum.it import iva as it_iva
from stdnum.jp import cn as jp_cn
from stdnum.lt import pvm as lt_pvm
from stdnum.lu import tva as lu_tva
from stdnum.lv import pvn as lv_pvn
from stdnum.mc import tva as mc_tva
from stdnum.me import pib as me_pib
from stdnum.mk import edb as mk_edb
from stdnum.mt import vat as mt_vat
from stdnum.nl import btw as nl_btw
from stdnum.no import mva as no_mva
from stdnum.no import orgnr as no_orgnr
from stdnum.pl import nip as pl_nip
from stdnum.pt import nif as pt_nif
from stdnum.ro import cf as ro_cf
from stdnum.rs import pib as rs_pib
from stdnum.se import orgnr as se_orgnr
from stdnum.sg import uen as sg_uen
from stdnum.si import ddv as si_ddv
from stdnum.sk import dph as sk_dph
from stdnum.sm import coe as sm_coe
from stdnum.tr import vkn as tr_vkn
from stdnum.us import ein as us_ein


@dataclass(frozen=True)
class Check:
    """How numbers of one scheme are checked beyond the code list's own pattern."""

    pattern: str
    example: str
    number: Callable[[str], bool] = lambda value: True


def _after(prefix: str, check: Callable[[str], Any]) -> Callable[[str], bool]:
    return lambda value: bool(check(value.removeprefix(prefix)))


def _sirene(value: str) -> bool:
    return bool(fr_siren.is_valid(value) if len(value) == 9 else fr_siret.is_valid(value))


# By scheme: its form, an example of it, and its check digits where it has any.
CHECKS = {
    "0208": Check(r"[01]\d{9}", "0208:0403170701", be_vat.is_valid),
    "9925": Check(r"BE[01]\d{9}", "9925:BE0403170701", _after("BE", be_vat.is_valid)),
    # The list's pattern asks for 17 digits; the numbers in use have the 8 of the register.
    "0106": Check(r"\d{8}|\d{12}|\d{17}", "0106:12345678"),
    "0190": Check(r"\d{20}", "0190:00000001820029336000"),
    "9944": Check(r"NL\d{9}B\d{2}", "9944:NL004495445B01", nl_btw.is_valid),
    "0240": Check(r"\d{11}", "0240:19992204096"),
    "9938": Check(r"LU\d{8}", "9938:LU15027442", lu_tva.is_valid),
    "0002": Check(r"\d{9}(\d{5})?", "0002:784301772", _sirene),
    "0009": Check(r"\d{14}", "0009:78430177200025", fr_siret.is_valid),
    "9957": Check(r"FR[0-9A-Z]{2}\d{9}", "9957:FR86797978996", fr_tva.is_valid),
    "0225": Check(r"[A-Za-z0-9_-]{1,130}", "0225:797978996"),
    "9930": Check(r"DE\d{9}", "9930:DE136695976", de_vat.is_valid),
    "0204": Check(
        r"\d{2,12}(-[0-9A-Z]{0,30})?-\d{2}", "0204:991-33333TEST-33", de_leitweg.is_valid
    ),
    "0246": Check(r"DE\d{9}(-\d{5})?(\.[0-9A-Z]{1,8})?", "0246:DE123456789"),
    "9914": Check(r"ATU\d{8}", "9914:ATU13585627", at_uid.is_valid),
    "0184": Check(r"[1-9]\d{7}", "0184:13585628", dk_cvr.is_valid),
    "0198": Check(r"DK\d{8}", "0198:DK13585628", dk_cvr.is_valid),
    "0192": Check(r"\d{9}", "0192:988077917", no_orgnr.is_valid),
    "9933": Check(r"\d{9}", "9933:094259216", gr_vat.is_valid),
    "0007": Check(r"\d{10}", "0007:1234567897", se_orgnr.is_valid),
    "0216": Check(
        r"0037\d{8}[A-Z0-9]{0,5}", "0216:003720774740", lambda v: bool(fi_ytunnus.is_valid(v[4:12]))
    ),
    "0211": Check(r"IT\d{11}", "0211:IT00743110157", _after("IT", it_iva.is_valid)),
    "0088": Check(r"\d{13}", "0088:9012345000004", ean.is_valid),
    "0060": Check(r"\d{9}", "0060:123456789"),
    "0199": Check(r"[A-Z0-9]{18}\d{2}", "0199:213800KUD8LAJWSQ9D15", lei.is_valid),
    "0183": Check(r"CHE\d{9}", "0183:CHE100155212", ch_uid.is_valid),
}
# By scheme: whose numbers these are, and what stands in front of them.
_NUMBERS: dict[str, tuple[ModuleType, str]] = {
    "0151": (au_abn, ""),
    "0188": (jp_cn, ""),
    "0191": (ee_registrikood, ""),
    "0195": (sg_uen, "SGUEN"),
    "0196": (is_kennitala, ""),
    "0210": (it_codicefiscale, ""),
    "0218": (lv_pvn, ""),
    "0221": (jp_cn, "T"),
    "0245": (sk_dph, ""),
    "9909": (no_mva, "NO"),
    "9910": (hu_anum, "HU"),
    "9917": (is_kennitala, ""),
    "9918": (iban, ""),
    "9920": (es_nif, "ES"),
    "9922": (ad_nrt, "AD"),
    "9923": (al_nipt, "AL"),
    "9926": (bg_vat, "BG"),
    "9927": (ch_vat, ""),
    "9928": (cy_vat, "CY"),
    "9929": (cz_dic, "CZ"),
    "9931": (ee_kmkr, "EE"),
    "9932": (gb_vat, "GB"),
    "9934": (hr_oib, "HR"),
    "9935": (ie_vat, "IE"),
    "9937": (lt_pvm, "LT"),
    "9939": (lv_pvn, "LV"),
    "9940": (mc_tva, ""),
    "9941": (me_pib, "ME"),
    "9942": (mk_edb, "MK"),
    "9943": (mt_vat, "MT"),
    "9945": (pl_nip, "PL"),
    "9946": (pt_nif, "PT"),
    "9947": (ro_cf, "RO"),
    "9948": (rs_pib, "RS"),
    "9949": (si_ddv, "SI"),
    "9950": (sk_dph, "SK"),
    "9951": (sm_coe, "SM"),
    "9952": (tr_vkn, "TR"),
    "9959": (us_ein, "US"),
}


def fit(scheme: str, value: str) -> bool:
    """Whether a number (in capitals) has the check digits of its scheme, if that has any."""
    check = CHECKS.get(scheme)
    if check is not None:
        return check.number(value)
    module, prefix = _NUMBERS.get(scheme, (None, ""))
    return module is None or bool(module.is_valid(value.removeprefix(prefix)))
