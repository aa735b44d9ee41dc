"""The OpenAPI document is whole, and what the API answers is exactly what it says."""

import uuid
from pathlib import Path
from typing import Any

import msgspec
import pytest
import yaml
from django.core.management import call_command
from django.test import Client

from chat.api import ChannelPage, ChannelRow, History
from chat.events import MessagePosted
from live.schema import live_schema
from live.shapes import Ack, CommandReply, LogPage, Problem, Refused, Snapshot
from members.api import Account
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def document(tmp_path: Path) -> dict[str, Any]:
    """The OpenAPI document, valid and made without a warning."""
    file = tmp_path / "schema.yml"
    call_command("spectacular", "--validate", "--fail-on-warn", "--file", str(file))
    found: dict[str, Any] = yaml.safe_load(file.read_text(encoding="utf-8"))
    return found


def said(response: Any, struct: type[msgspec.Struct], status: int = 200) -> dict[str, Any]:
    """The body, which must be of the struct's form with nothing left over."""
    assert response.status_code == status, response.content
    body: dict[str, Any] = response.json()
    read = msgspec.json.decode(response.content, type=struct)
    assert msgspec.json.decode(msgspec.json.encode(read)) == body
    return body


def test_document_names_tokens_keys_and_problems(document: dict[str, Any]) -> None:
    assert document["components"]["securitySchemes"]["token"]["scheme"] == "bearer"
    operations = [
        operation for methods in document["paths"].values() for operation in methods.values()
    ]
    problem = {"schema": {"$ref": "#/components/schemas/Problem"}}
    assert len(operations) >= 19
    for operation in operations:
        answer = operation["responses"]["default"]["content"]
        assert answer == {"application/problem+json": problem}, operation["operationId"]
    unkeyed = {
        operation["operationId"]
        for methods in document["paths"].values()
        for method, operation in methods.items()
        if method in {"post", "patch"}
        and not any(each["name"] == "Idempotency-Key" for each in operation.get("parameters", []))
    }
    # PUT and DELETE say how it shall be, so twice is as once. Of the rest: a command names its key
    # in its body; an upload is told apart by its own id and offset, a browser's subscription by its
    # address; leaving is a state, which asking twice does not change; a team is only calculated.
    assert unkeyed == {
        "command",
        "upload_append",
        "notices_subscribe",
        "me_leave",
        "consortium_best",
    }


def test_every_reference_of_the_document_leads_somewhere(document: dict[str, Any]) -> None:
    text = yaml.safe_dump(document)
    names = {part.split("'")[0].split()[0] for part in text.split("#/components/schemas/")[1:]}
    assert names - document["components"]["schemas"].keys() == set()


def test_answers_are_what_the_document_says() -> None:
    client = Client()
    client.force_login(factories.member())

    def send(method: str, path: str, body: Any = None) -> Any:
        headers = {"Idempotency-Key": str(uuid.uuid4())}
        return client.generic(
            method, path, msgspec.json.encode(body), "application/json", headers=headers
        )

    channel = said(send("POST", "/api/v1/channels/", {"name": "Harbour"}), Ack, 201)["id"]
    here = f"/api/v1/channels/{channel}/"
    message = said(send("POST", f"{here}messages/", {"text": "Tere!"}), Ack, 201)["id"]
    reply = {"text": "*Hei*", "reply_to": message}
    said(send("POST", f"{here}messages/", reply), Ack, 201)
    said(send("PATCH", f"{here}messages/{message}/", {"text": "Tere, tere!"}), Ack)
    said(send("PATCH", here, {"purpose": "Ships"}), Ack)
    react = {"id": message, "emoji": "⚓", "on": True}
    call = {"ref": 1, "cmd": "message.react", "topic": f"chat:{channel}", "data": react}
    call["key"] = str(uuid.uuid4())
    said(send("POST", "/api/v1/commands/", call), CommandReply)
    said(send("POST", "/api/v1/commands/", call | {"cmd": "no.such"}), CommandReply, 400)

    assert said(client.get("/api/v1/channels/"), ChannelPage)["count"] == 1
    assert said(client.get(here), ChannelRow)["purpose"] == "Ships"
    page = said(client.get(f"{here}messages/"), History)
    assert [row["text"] for row in page["results"]] == ["Tere, tere!", "*Hei*"]
    assert page["results"][0]["reactions"][0]["emoji"] == "⚓"
    said(client.get(f"{here}messages/{message}/"), MessagePosted)
    snapshot = said(client.get(f"/api/v1/topics/chat:{channel}/"), Snapshot)
    log = said(client.get(f"/api/v1/topics/chat:{channel}/events/"), LogPage)
    assert log["seq"] == snapshot["seq"] == len(log["events"])
    said(client.get("/api/v1/me/"), Account)
    said(send("DELETE", f"{here}messages/{message}/"), Ack)
    said(client.get("/api/v1/topics/chat:999/"), Problem, 404)
    said(send("POST", f"{here}messages/", {}), Problem, 422)


def test_a_docstring_describes_the_fields_it_names() -> None:
    message = live_schema()["$defs"]["MessagePosted"]
    assert message["description"].startswith("A message as it is now")
    assert "Attributes" not in message["description"]
    assert message["properties"]["edited_at"]["description"] == (
        "The last edit; null where there was none."
    )
    assert "description" not in message["properties"]["id"]


def test_a_refusal_on_the_wire_is_the_documented_one() -> None:
    client = Client()
    client.force_login(factories.member())
    body = {"ref": 7, "cmd": "message.post", "topic": "chat:999", "key": str(uuid.uuid4())}
    response = client.post("/api/v1/commands/", body | {"data": {}}, "application/json")
    error = said(response, CommandReply, response.status_code)["error"]
    assert msgspec.convert(error, Refused).code == error["code"]
