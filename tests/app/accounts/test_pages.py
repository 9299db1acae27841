"""Signing in, the account, people and roles, as a browser goes through them."""

import pyotp

from app.core import clock, database
from app.core.access import Grant, Role
from app.notifications.service import notify
from tests.app.accounts.browsing import browsing
from tests.app.accounts.people import PASSWORD, account, code_sent_to, new_phone, public_id

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
EMAIL = "officer@example.org"


async def officer(*roles: Role, place: str = "3301") -> int:
    grants = tuple(Grant(role, place) for role in roles)
    return await account(*grants, email=EMAIL, password=PASSWORD, totp_secret=SECRET)


async def test_a_new_person_signs_in_by_phone_sees_consent_asked_and_lands_on_the_workbench(db: None) -> None:
    phone = new_phone()
    async with browsing() as person:
        refused = await person.sign_in(phone, join_as="volunteer")
        assert refused.status_code == 422
        assert "请先阅读并勾选" in refused.text
        code = await database.fetch_value("SELECT body FROM demo_delivery ORDER BY id DESC LIMIT 1")
        digits = "".join(char for char in code.partition("，")[0] if char.isdigit())
        entered = await person.post(
            "/sign-in/phone", phone=phone, code=digits, consent="on", join_as="volunteer", next="/account"
        )
        assert (entered.status_code, entered.headers["location"]) == (303, "/account")
        shown = await person.get("/account")
        assert shown.status_code == 200
        assert phone not in shown.text
        assert f"{phone[:3]}****{phone[-4:]}" in shown.text
        assert "志愿者" in shown.text


async def test_the_answer_to_a_known_and_an_unknown_number_is_the_same_page(db: None) -> None:
    known, unknown = new_phone(), new_phone()
    await account(phone=known)
    pages = []
    for phone in (known, unknown):
        async with browsing() as person:
            await person.get("/sign-in")
            answer = await person.post("/sign-in/code", phone=phone)
            token = person.page.split('name="_csrf_token" value="')[1].split('"')[0]
            pages.append((answer.status_code, answer.text.replace(phone, "").replace(token, "")))
    assert pages[0] == pages[1]


async def test_the_number_never_stands_in_an_address(db: None) -> None:
    phone = new_phone()
    async with browsing() as person:
        await person.get("/sign-in")
        answer = await person.post("/sign-in/code", phone=phone)
        assert phone not in str(answer.url)
        again = await person.get("/sign-in/code?lang=en")
        assert (again.status_code, again.headers["location"]) == (303, "/sign-in")


async def test_after_sign_in_nobody_is_sent_to_another_site(db: None) -> None:
    async with browsing() as person:
        entered = await person.sign_in(new_phone(), consent="on", next="//evil.example/")
        assert entered.headers["location"] == "/workbench"


async def test_signing_in_on_top_of_a_planted_session_leaves_that_session_dead(db: None) -> None:
    phone = new_phone()
    async with browsing() as attacker, browsing() as victim:
        await attacker.sign_in(new_phone(), consent="on")
        planted = attacker.session
        assert planted
        victim.http.cookies.set("fahui_session", planted, domain="127.0.0.1")
        await victim.get("/account")
        await victim.post("/sign-in/code", phone=phone)
        entered = await victim.post(
            "/sign-in/phone", phone=phone, code=await code_sent_to(phone), consent="on", next="/account"
        )
        assert entered.status_code == 303
        assert victim.http.cookies.get("fahui_session", domain="127.0.0.1") != planted
        assert (await attacker.get("/account")).headers["location"] == "/sign-in?next=/account"


async def test_an_officer_is_led_to_the_second_factor_and_gets_a_new_cookie_there(db: None) -> None:
    await officer(Role.OPERATOR)
    async with browsing() as person:
        await person.get("/sign-in")
        first = await person.post("/sign-in/password", email=EMAIL, password=PASSWORD, next="/accounts")
        assert first.headers["location"] == "/sign-in/second-factor?next=%2Faccounts"
        weak = person.session
        assert (await person.get("/accounts")).status_code == 403
        assert "岗位权限尚未启用" in (await person.get("/workbench")).text
        await person.get(first.headers["location"])
        entered = await person.post("/sign-in/second-factor", code=pyotp.TOTP(SECRET).at(clock.now()), next="/accounts")
        assert (entered.status_code, entered.headers["location"]) == (303, "/accounts")
        assert person.session != weak
        assert (await person.get("/accounts")).status_code == 200


async def test_an_officer_without_an_app_is_shown_a_code_to_scan(db: None) -> None:
    await account(Grant(Role.OPERATOR, "3301"), email=EMAIL, password=PASSWORD)
    async with browsing() as person:
        await person.get("/sign-in")
        first = await person.post("/sign-in/password", email=EMAIL, password=PASSWORD)
        assert first.headers["location"].startswith("/sign-in/enrol")
        shown = await person.get("/sign-in/enrol")
        assert '<svg class="qr"' in shown.text
        assert "otpauth://totp/" in shown.text
        assert (await person.post("/sign-in/enrol", code="000000x")).status_code == 422


async def test_a_wrong_password_shows_the_page_again_with_one_sentence_and_no_password(db: None) -> None:
    async with browsing() as person:
        await person.get("/sign-in")
        refused = await person.post("/sign-in/password", email="a@example.org", password="secret words here")
        assert refused.status_code == 422
        assert "邮箱或密码不正确" in refused.text
        assert "secret words here" not in refused.text


async def test_a_token_is_shown_once_opens_the_api_and_is_revoked_on_the_page(db: None) -> None:
    async with browsing() as person:
        await person.sign_in(new_phone(), consent="on")
        await person.get("/account")
        made = await person.post("/account/tokens", name="script", days="30")
        secret = made.text.split("<code>")[1].split("</code>")[0]
        assert secret not in (await person.get("/account")).text
        bearer = {"authorization": f"Bearer {secret}", "accept": "application/json"}
        me = await person.http.get("/api/v1/me", headers=bearer)
        assert (me.status_code, me.json()["kind"]) == (200, "token")
        refused = await person.http.post("/api/v1/tokens", json={"name": "b", "days": 3}, headers=bearer)
        assert (refused.status_code, refused.json()["code"]) == (403, "session_needed")
        token_id = await database.fetch_value("SELECT public_id FROM api_token")
        await person.post(f"/account/tokens/{token_id}/revoke")
        assert (await person.http.get("/api/v1/me", headers=bearer)).status_code == 401


async def test_the_api_makes_and_revokes_tokens_for_a_session_with_its_form_token(db: None) -> None:
    async with browsing() as person:
        await person.sign_in(new_phone(), consent="on")
        page = await person.get("/account")
        token = page.text.split('name="_csrf_token" value="')[1].split('"')[0]
        headers = {"accept": "application/json", "x-csrftoken": token}
        made = await person.http.post("/api/v1/tokens", json={"name": "b", "days": 3}, headers=headers)
        assert made.status_code == 201
        listed = await person.http.get("/api/v1/tokens", headers=headers)
        assert [row["name"] for row in listed.json()] == ["b"]
        gone = await person.http.delete(f"/api/v1/tokens/{made.json()['public_id']}", headers=headers)
        assert gone.status_code == 204
        assert not (await person.http.get("/api/v1/tokens", headers=headers)).json()[0]["live"]


async def test_a_manager_finds_somebody_by_number_and_grants_a_role(db: None) -> None:
    await officer(Role.OPERATOR)
    phone = new_phone()
    found = await public_id(await account(phone=phone, display_name="Lin"))
    async with browsing() as person:
        await person.sign_in_as_officer(EMAIL, PASSWORD, SECRET)
        assert str(found) not in (await person.get("/accounts?q=Lin")).text
        assert str(found) in (await person.get(f"/accounts?q={phone}")).text
        await person.get(f"/accounts/{found}")
        refused = await person.post(f"/accounts/{found}/roles", role="coordinator")
        assert refused.status_code == 422
        assert "要指定管辖的地区" in refused.text
        granted = await person.post(
            f"/accounts/{found}/roles", role="coordinator", place_code="330106", until="2099-01-05"
        )
        assert granted.status_code == 303
        assert str(found) in (await person.get("/accounts?q=lin")).text
        until = await database.fetch_value("SELECT valid_until FROM membership WHERE role = 'coordinator'")
        assert until.isoformat() == "2099-01-05T16:00:00+00:00"
        membership = await database.fetch_value("SELECT public_id FROM membership WHERE role = 'coordinator'")
        await person.get(f"/accounts/{found}")
        ended = await person.post(f"/accounts/{found}/roles/{membership}/end")
        assert ended.status_code == 303
        assert "统筹调度人员</th>" not in (await person.get(f"/accounts/{found}")).text


async def test_a_manager_is_not_offered_to_grant_himself(db: None) -> None:
    himself = await public_id(await officer(Role.OPERATOR))
    async with browsing() as person:
        await person.sign_in_as_officer(EMAIL, PASSWORD, SECRET)
        assert "不能给自己授予角色" in (await person.get(f"/accounts/{himself}")).text
        refused = await person.post(f"/accounts/{himself}/roles", role="cashier", place_code="3301")
        assert refused.status_code == 409


async def test_a_revealed_number_is_on_that_answer_only(db: None) -> None:
    await officer(Role.OPERATOR, Role.COORDINATOR)
    phone = new_phone()
    person_id = await public_id(await account(Grant(Role.VILLAGE_CLERK, "330106109001"), phone=phone))
    async with browsing() as person:
        await person.sign_in_as_officer(EMAIL, PASSWORD, SECRET)
        shown = await person.get(f"/accounts/{person_id}")
        assert phone not in shown.text
        revealed = await person.post(f"/accounts/{person_id}/phone")
        assert phone in revealed.text
        assert revealed.headers["cache-control"] == "private, no-store"
        assert (await person.get(f"/accounts/{person_id}/phone")).status_code == 303


async def test_the_inbox_opens_a_message_and_counts_down(db: None) -> None:
    phone = new_phone()
    person_id = await account(phone=phone)
    async with database.transaction():
        await notify(person_id, "值班已确认", link="/account")
        await notify(person_id, "只有文字")
    async with browsing() as person:
        await person.sign_in(phone)
        assert "2 条未读" in (await person.get("/inbox")).text
        message = await database.fetch_value("SELECT public_id FROM notification WHERE msgid = '值班已确认'")
        opened = await person.post(f"/inbox/{message}/open")
        assert opened.headers["location"] == "/account"
        assert "1 条未读" in (await person.get("/inbox")).text
        listed = await person.http.get("/api/v1/notifications?limit=1", headers={"accept": "application/json"})
        assert [row["read"] for row in listed.json()["items"]] == [False]
        assert listed.json()["next_cursor"]
        await person.post("/inbox/read")
        assert "没有未读消息" in (await person.get("/inbox")).text


async def test_withdrawing_consent_and_erasing_end_the_session_in_the_browser(db: None) -> None:
    phone = new_phone()
    async with browsing() as person:
        await person.sign_in(phone, consent="on")
        await person.get("/account")
        gone = await person.post("/account/erase")
        assert (gone.status_code, gone.headers["location"]) == (303, "/")
        assert (await person.get("/account")).headers["location"] == "/sign-in?next=/account"
    assert await database.fetch_value("SELECT status FROM account") == "closed"


async def test_the_privacy_notice_and_the_demo_outbox_are_open_to_everybody_in_the_demonstration(db: None) -> None:
    async with browsing() as person:
        for path in ("/privacy", "/demo/outbox", "/sign-in"):
            assert (await person.get(path)).status_code == 200
            assert (await person.get(f"{path}?lang=en")).status_code == 200
