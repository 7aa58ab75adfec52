"""The conversation: what the resident, a proxy and the owner team say to each other."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID, uuid4

from django.db import transaction
from django.utils import timezone

from omzien.kernel.papers import BadPaper, Paper, safe_paper
from omzien.kernel.text import clean
from omzien.people.models import Mandate
from omzien.people.queries.mandates import allows
from omzien.people.queries.same import is_self
from omzien.people.rules.roles import Actor, Scope
from omzien.questions.actions.notices import tell_owner, tell_resident
from omzien.questions.actions.writing import bring_forward, locked, note, owned, put_task
from omzien.questions.models import Attachment, Post, Question, Task
from omzien.questions.models.conversation import LONGEST_POST
from omzien.questions.queries.reached import is_mailed
from omzien.questions.refusals import BadAttachment, NeedsWords, NotAllowed, NotLive, TooLong
from omzien.questions.terms import terms_of

MOST_FILES = 5  # with one post
MOST_FILES_IN_ALL = 100  # of one question


@dataclass(frozen=True)
class File:
    """A file as somebody sent it; its name can say anything."""

    name: str
    content: bytes


@dataclass(frozen=True, kw_only=True)
class Said:
    """What somebody says. `waits`: a worker asks the resident something and waits for it."""

    text: str
    files: Iterable[File] = ()
    waits: bool = False
    key: UUID = field(default_factory=uuid4)


@transaction.atomic
def say(*, question: Question, said: Said, by: Actor, now: datetime) -> Post:
    """Say something to the other side, who hears by mail that there is something to read.

    The same `key` again gives the post that is there: sent twice is said once. The first post
    of a worker is the reply to the question. What a resident says stops the clock of all that
    they were asked, and puts the question on the owner's list.
    Raises NotAllowed, NotLive, NeedsWords, TooLong, BadAttachment.
    """
    row = locked(question)
    side = _side(row, by, now)
    if before := Post.objects.filter(question=row, key=said.key).first():
        return before
    text, papers = _checked(row, said)
    post = _post(row, side, text, said, by, now)
    _keep_files(post, papers)
    if side == Post.Side.WORKER:
        _replied(row, now)
        tell_resident(post)
    else:
        _answered(row, now)
        tell_owner(post, "post")
    note(row, "say", by, side=str(side), files=len(papers), waits=said.waits)
    return post


@transaction.atomic
def see(*, question: Question, by: Actor, now: datetime) -> int:
    """Write down that the other side opened the conversation; return how many posts were new.

    Who has a mandate reads beside the resident, and not instead of them; only of who has no
    account, and so reads nothing here, it is their eyes that count.
    Raises NotAllowed. There is no fact of it: the access log has the line.
    """
    row = locked(question)
    side = _side(row, by, now, to="look")
    if side == Post.Side.ASKER and row.person and row.person.account_id:
        return 0
    new = Post.objects.unseen().filter(question=row)
    other = new.from_resident() if side == Post.Side.WORKER else new.filter(side=Post.Side.WORKER)
    count = other.update(seen_at=now)
    if count and side == Post.Side.WORKER:
        waiting = Task.objects.open().filter(question=row, kind=Task.Kind.MESSAGE)
        waiting.update(done_at=now)
    return count


def may_talk(question: Question, by: Actor, *, now: datetime) -> bool:
    """Tell whether `by` may say something here now; pages show a form then."""
    try:
        _side(question, by, now)
    except (NotAllowed, NotLive):
        return False
    return question.is_live


def _side(question: Question, by: Actor, now: datetime, *, to: str = "talk") -> Post.Side:
    """Return on which side somebody speaks or reads. Raises NotAllowed, NotLive."""
    if by.machine or by.membership:
        owned(question, by=by, verb="question.work")
        return Post.Side.WORKER
    reach = by.may("question.follow")
    if Scope.OWN in reach and is_self(by, question.person_id):
        side = Post.Side.RESIDENT
    elif Scope.MANDATE in reach and by.represents == question.person_id and by.represents:
        scopes = (Mandate.What.TALK,) if to == "talk" else Mandate.What
        if not any(allows(by, one, on=timezone.localdate(now)) for one in scopes):
            raise NotAllowed
        if not Question.objects.lets(by, "question.follow", question.pk):
            raise NotAllowed  # an administrator, of what is not about money
        side = Post.Side.ASKER
    else:
        raise NotAllowed
    if to == "talk" and not question.is_live:
        raise NotLive
    return side


def _checked(question: Question, said: Said) -> tuple[str, list[Paper]]:
    text = clean(said.text)
    if not text:
        raise NeedsWords
    if len(text) > LONGEST_POST:
        raise TooLong(LONGEST_POST)
    files = list(said.files)
    kept = Attachment.objects.filter(question=question).count()
    if len(files) > MOST_FILES or kept + len(files) > MOST_FILES_IN_ALL:
        raise BadAttachment("too-many")
    return text, [_safe(one) for one in files]


def _safe(file: File) -> Paper:
    try:
        return safe_paper(file.name, file.content)
    except BadPaper as error:
        raise BadAttachment(error.why.value, clean(file.name)[:80]) from error


def _post(
    question: Question, side: Post.Side, text: str, said: Said, by: Actor, now: datetime
) -> Post:
    terms = terms_of(question.municipality_id)
    # Whom no mail reaches does not know that anybody waits: they are called.
    waits = said.waits and side == Post.Side.WORKER and is_mailed(question)
    return Post.objects.create(
        municipality_id=question.municipality_id,
        question=question,
        key=said.key,
        side=side,
        author=by.key,
        text=text,
        at=now,
        answer_by=terms.after(timezone.localdate(now), terms.silent) if waits else None,
    )


def _keep_files(post: Post, papers: list[Paper]) -> None:
    last = Attachment.objects.filter(question=post.question_id).order_by("-number").first()
    start = last.number + 1 if last else 1
    rows = [
        Attachment(
            municipality_id=post.municipality_id,
            question_id=post.question_id,
            post=post,
            number=number,
            name=paper.name,
            content_type=paper.content_type,
            size=len(paper.content),
            content=paper.content,
        )
        for number, paper in enumerate(papers, start)
    ]
    Attachment.objects.bulk_create(rows)


def _replied(question: Question, now: datetime) -> None:
    if question.replied_at is None:
        question.replied_at = now
        question.save(update_fields=["replied_at"])


def _answered(question: Question, now: datetime) -> None:
    """Stop the clock of what was asked, and let the owner see what was said, and the question in
    time.
    """
    Post.objects.unanswered().filter(question=question).update(answered_at=now)
    silent = Task.objects.open().filter(question=question, kind=Task.Kind.SILENT)
    silent.update(done_at=now)
    terms = terms_of(question.municipality_id)
    due = terms.after(timezone.localdate(now), terms.reply)
    if not Task.objects.open().filter(question=question, kind=Task.Kind.MESSAGE).exists():
        put_task(question, Task.Kind.MESSAGE, due=due, now=now)
    bring_forward(question, due)
