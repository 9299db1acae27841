"""Which payment service there is: Stripe where a key is set, the demonstration's own elsewhere, none in production.

A key for tests moves no money, one for real money must not be tried out: each is refused where it does not belong.
"""

from functools import cache

from app.core.errors import DomainError
from app.core.settings import Settings, settings
from app.core.text import N_
from procurement.donations.fake.gateway import DemoGateway
from procurement.donations.payments import Gateway

LIVE, TEST = ("sk_live_", "rk_live_"), ("sk_test_", "rk_test_")


class GiftsNotSetUp(DomainError):
    """There is no payment service."""

    code, status, message = "gifts_not_set_up", 503, N_("本站还没有开通捐赠收款。")


class KeyMisplaced(DomainError):
    """A test key in production, or a live key elsewhere."""

    code, status, message = (
        "gateway_key_misplaced",
        503,
        N_("支付平台的密钥和运行模式不符，捐赠收款已停用。请联系系统管理员。"),
    )


def refusal_of(given: Settings) -> type[DomainError] | None:
    """Return why gifts cannot be taken with these settings, None if they can."""
    production = given.mode == "production"
    if not given.stripe_key:
        return GiftsNotSetUp if production else None
    if not given.stripe_secret or not given.stripe_key.startswith(LIVE if production else TEST):
        return KeyMisplaced
    return None


def gateway() -> Gateway:
    """Return the payment service, or refuse."""
    if _put is not None:
        return _put
    if refusal := refusal_of(settings()):
        raise refusal
    return _stripe() if settings().stripe_key else DemoGateway()


def closed() -> DomainError | None:
    """Return why there is no payment service, for pages to say; None if there is one."""
    refusal = None if _put is not None else refusal_of(settings())
    return refusal() if refusal else None


@cache
def _stripe() -> Gateway:
    from procurement.donations.gateway import StripeGateway  # the library takes half a second to load

    return StripeGateway(settings().stripe_key, settings().stripe_secret, settings().stripe_address)


_put: Gateway | None = None


def put(gateway: Gateway | None) -> None:
    """Use another payment service, or the settings' own again."""
    global _put
    _put = gateway


async def look() -> tuple[str, str]:
    """Tell `fahui doctor` how gifts are paid."""
    refusal = refusal_of(settings())
    if refusal is KeyMisplaced:
        return (
            "fail",
            "a test key in production, a live key elsewhere, or no FAHUI_STRIPE_SECRET beside the key",
        )
    if refusal:
        return "ok", "no payment service: gifts are not set up (docs/donations.md)"
    if not settings().stripe_key:
        return "ok", "the demonstration's payment service; no money moves"
    return "ok", f"Stripe, events at {settings().public_url}/webhooks/donations"
