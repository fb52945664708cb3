"""Which SMP the installation has: a setting names how it is spoken to, another where it is."""

import pytest
from django.core.checks import run_checks
from django.core.exceptions import ImproperlyConfigured

from peppol.smp import dialects
from peppol.smp.phoss import PhossSmp
from peppol.smp.queries import PublicSmp


class OtherSmp(PhossSmp):
    """Another make of SMP; all that matters here is that it is another."""


@pytest.fixture
def other_dialect():
    dialects.register("other", OtherSmp)
    yield
    del dialects._DIALECTS["other"]


def test_it_is_a_phoss_smp_unless_another_is_named(settings):
    with dialects.configured_smp() as smp:
        assert isinstance(smp, PhossSmp)
        assert smp.base_url == dialects.smp_address() == settings.SMP_URL


def test_a_dialect_that_was_registered_is_chosen_by_the_setting(settings, other_dialect):
    settings.SMP_DIALECT, settings.SMP_URL = "other", "https://smp.example/"
    with dialects.configured_smp() as smp:
        assert isinstance(smp, OtherSmp)
        assert smp.base_url == "https://smp.example"


def test_a_dialect_that_nobody_speaks_is_refused_by_name(settings):
    settings.SMP_DIALECT = "esperanto"
    with pytest.raises(ImproperlyConfigured, match="phoss"):
        dialects.configured_smp()
    assert "gatehouse.E006" in {message.id for message in run_checks()}


def test_the_sml_may_know_it_by_another_address(settings):
    assert dialects.public_smp_address() == dialects.smp_address()
    settings.SMP_PUBLIC_URL = "https://smp.example/"
    assert dialects.public_smp_address() == "https://smp.example"


def test_whoever_only_asks_can_change_nothing():
    assert not [name for name in vars(PublicSmp) if name.startswith(("put", "create", "delete"))]
