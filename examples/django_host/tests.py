"""Tests of the letters office, in the database that Django makes for tests.

To run them:

    django-admin test examples.django_host
"""

from __future__ import annotations

from django.db import transaction
from django.test import TestCase, TransactionTestCase

import huimin_flow.django
from examples.django_host.letters import keep, opened
from examples.django_host.models import Letter
from huimin_flow.api import State, StepRefused


def letter(request: str) -> Letter:
    """Return a letter that is not kept yet; each test needs a key of its own."""
    said = {"origin": "problem", "area": "general", "unit": "500101"}
    return Letter(request=request, title="修桥", post="op-500101", **said)


def tearDownModule() -> None:
    """Close what would keep PostgreSQL from deleting the database."""
    opened().close()
    opened.cache_clear()


class InOneTransaction(TestCase):
    """Django undoes each of these tests, and our acts with it: bind sees them."""

    def test_a_letter_has_an_item(self) -> None:
        """Ask in the transaction of the test."""
        one = letter("test-1")
        keep(one, one.demand)
        with transaction.atomic():
            item = huimin_flow.django.bind().items.get(one.item)
        self.assertIs(item.state, State.COLLECTED)

    def test_the_form_keeps_a_letter(self) -> None:
        """A page that binds is within the transaction of the test, too."""
        said = {"title": "修桥", "origin": "problem", "area": "general"}
        filled = {f"demand.{name}": text for name, text in said.items()}
        filled |= {"demand.unit": "500101", "key": "test-4"}
        wang = {"x-remote-user": "wang"}
        self.assertEqual(
            self.client.post("/letters", filled, headers=wang).status_code, 302
        )
        self.assertNotEqual(Letter.objects.get().item, "")

    def test_a_clerk_closes_nothing(self) -> None:
        """A refusal changes nothing, so the transaction goes on."""
        one = letter("test-2")
        keep(one, one.demand)
        with transaction.atomic():
            flow = huimin_flow.django.bind()
            with self.assertRaises(StepRefused) as refused:
                flow.items.close(one.item, by=flow.people.actor(one.post))
        self.assertEqual(refused.exception.code, "step_not_permitted")


class OfPages(TransactionTestCase):
    """These commit: pages, which ask an open Flow, see what was done."""

    def test_the_page_of_an_item_shows_its_state(self) -> None:
        """Items stay for the next test; Django empties only its own tables."""
        one = letter("test-3")
        keep(one, one.demand)
        page = self.client.get(f"/items/{one.item}", headers={"x-remote-user": "wang"})
        self.assertContains(page, State.COLLECTED.label)
