"""One page's conversation with a model: asked, repaired once, and the ladder taught by it."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from docsort_server.engine.model import ModelTrace, ModelUsage, PageVerdict
from docsort_server.engine.openai.judgement import Given, judge
from docsort_server.engine.openai.ladder import Manner, Rung
from docsort_server.engine.openai.prompt import Message, Prompt, repair
from docsort_server.engine.openai.request import IMAGE, body, estimate
from docsort_server.engine.openai.trouble import Unsupported, Unusable
from docsort_server.faults import Fault, Reason

if TYPE_CHECKING:
    from docsort_server.engine.model import Question
    from docsort_server.engine.openai.answer import Answer
    from docsort_server.engine.openai.backend import Backend
    from docsort_server.engine.openai.calls import Calls, Errand
    from docsort_server.engine.openai.ladder import Ladder
    from docsort_server.engine.openai.reply import Reply

# Two for every rung: more are not needed to come down the whole ladder.
_MOST_ANSWERS = 2 * len(Rung)
# One for every parameter that may be left out or swapped, and for every rung.
_MOST_REFUSALS = 8


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked: the page as the model is shown it, and its text for checking quotes."""

    question: Question
    prompt: Prompt
    text: str
    page: list[dict[str, Any]] | str
    image: bool

    @property
    def chars(self) -> int:
        """How long the prompt is, without an image."""
        page = self.page if isinstance(self.page, str) else self.page[0]["text"]
        return len(self.prompt.system) + len(page)


class Inquiry:
    """Asks about one page until there is a valid answer, and adds up what that costs."""

    def __init__(
        self, backend: Backend, calls: Calls, ladder: Ladder, asked: Asked, errand: Errand
    ) -> None:
        tokens = estimate(asked.chars, asked.prompt.form, image=asked.image)
        self._backend = backend
        self._calls = calls
        self._ladder = ladder
        self._asked = asked
        self._errand = replace(errand, tokens=tokens)
        self._usage = ModelUsage()

    async def verdict(self) -> PageVerdict:
        """Return the verdict. Raises `Fault`, and `Unsupported` where images are not taken."""
        manner, given = await self._answer()
        answers = [given]
        if self._backend.votes > 1 and not given.reply.tokens:
            answers += await self._votes(self._backend.votes - 1)
        calibration = self._backend.calibration
        verdict, mass = judge(
            answers,
            self._asked.question,
            self._asked.prompt.form,
            self._asked.text,
            calibration.temperature if calibration else 1.0,
        )
        trace = ModelTrace(
            backend=self._backend.name,
            model=given.reply.model or self._backend.model,
            rung=manner.rung.value,
            usage=self._usage,
            calibration=calibration.id if calibration and mass is not None else None,
            mass=mass,
        )
        return replace(verdict, trace=trace)

    def late(self) -> Fault:
        """Return the fault of a page that ran out of time."""
        text = (
            f"The model server at {self._backend.address} gave no answer for this page in time; "
            f"the setting patience allows {self._backend.patience:g} s."
        )
        facts = {"backend": self._backend.name, "limit": "patience"}
        return Fault(Reason.MODEL_UNAVAILABLE, text, metadata=facts)

    async def _answer(self) -> tuple[Manner, Given]:
        """Return the first valid answer, and the manner in which it was got."""
        amends: list[Message] = []
        before: Manner | None = None
        flaw = Unusable("no answer")
        for _ in range(_MOST_ANSWERS):
            manner, reply = await self._reply(amends)
            try:
                answer = self._read(reply, manner)
            except Unusable as error:
                flaw = error
            else:
                self._ladder.valid(manner, logprobs=bool(reply.tokens))
                return manner, Given(answer, reply)
            self._teach(flaw, manner)
            if flaw.final or manner == before == self._ladder.manner:
                break
            before = manner
            # An answer that was cut is no model for the next.
            amends = [] if flaw.cut else repair(reply.text, str(flaw))
        raise self._invalid(flaw)

    async def _reply(self, amends: list[Message], *, vote: bool = False) -> tuple[Manner, Reply]:
        """Return a reply, having learned on the way what the backend does not know."""
        refused = Unsupported("", "")
        if self._errand.purse:
            await self._errand.purse.spend()
        for _ in range(_MOST_REFUSALS):
            manner = self._ladder.manner
            messages = self._asked.prompt.messages(self._asked.page, spelled=manner.rung.spelled)
            form = self._asked.prompt.form
            sent = body(self._backend.model, messages + amends, form, manner, vote=vote)
            try:
                reply = await self._calls.send(sent, self._errand)
            except Unsupported as trouble:
                if trouble.parameter == IMAGE and self._asked.image:
                    # Whether the page can be asked about without one is not known here.
                    raise
                refused = trouble
                if not self._ladder.unsupported(trouble.parameter, manner):
                    break
            else:
                self._usage = self._usage.plus(self._cost(reply))
                return manner, reply
        raise self._refused(refused)

    async def _votes(self, count: int) -> list[Given]:
        """Return the valid ones of so many more answers."""
        draws = (self._reply([], vote=True) for _ in range(count))
        drawn = await asyncio.gather(*draws, return_exceptions=True)
        # There is an answer already: a vote that fails is one vote less.
        replies = [each for each in drawn if not isinstance(each, BaseException)]
        votes = (self._vote(reply, manner) for manner, reply in replies)
        return [vote for vote in votes if vote]

    def _vote(self, reply: Reply, manner: Manner) -> Given | None:
        try:
            return Given(self._read(reply, manner), reply)
        except Unusable:
            return None

    def _read(self, reply: Reply, manner: Manner) -> Answer:
        if reply.flaw:
            raise reply.flaw
        return self._asked.prompt.form.read(reply.text, plain=manner.rung.spelled)

    def _teach(self, flaw: Unusable, manner: Manner) -> None:
        if flaw.cut:
            self._ladder.cut(manner)
        elif not flaw.final:
            self._ladder.invalid(manner)

    def _cost(self, reply: Reply) -> ModelUsage:
        spent, prices = reply.spent, self._backend.prices
        cost = prices.cost(spent.input, spent.cached, spent.output) if prices else None
        return ModelUsage(1, spent.input, spent.output, spent.cached, cost)

    def _invalid(self, flaw: Unusable) -> Fault:
        text = f"The model {self._backend.model!r} gave no usable answer for this page: {flaw}."
        return Fault(Reason.MODEL_OUTPUT_INVALID, text, metadata={"backend": self._backend.name})

    def _refused(self, trouble: Unsupported) -> Fault:
        facts = {"backend": self._backend.name, "setting": "model"}
        text = f"{trouble} It takes none of the forms in which docsort asks."
        return Fault(Reason.MODEL_UNAVAILABLE, text, metadata=facts)
