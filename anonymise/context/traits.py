"""What points to somebody without a name: work, origin, faith, what they lived through.

Hardly any of it identifies alone; together it does. So every find is a question to the person
(its score is below ``study.terms.LIKELY``), and nothing is masked by itself.
"""

from __future__ import annotations

from collections.abc import Iterator

from anonymise import vocabulary
from anonymise.context.turn import Turn
from anonymise.pieces import listed
from anonymise.proposals import Find
from study.terms import Category

_ASKED, _ASKED_FIRST = 0.4, 0.45  # what few can say of themselves is looked at first
_BE = listed("was were is am i'm he's she's been being become became be i'd")
_AS = listed("as")
_WORKED = listed("worked work works working trained retired started apprenticed qualified")
_ARTICLES = frozenset({"a", "an", "the"})
# Common enough to tell nothing, or no work at all.
_NO_WORK = listed("""
    carer member mother father daughter son sister brother wife husband partner mum dad person man
    woman lady gentleman boy girl lad lass child baby patient participant volunteer supporter
    student learner teenager youngster grandmother grandfather granddaughter grandson widow widower
    believer worrier fighter smoker drinker talker walker reader listener sufferer lover dancer
    singer helper beginner outsider stranger newcomer survivor winner loser killer monster disaster
    matter number letter dinner winter summer corner computer scanner blocker reminder wonder
    bother answer order bit lot shock relief problem help godsend laugh way thing time day year
    while week month surprise nightmare mess struggle blessing pity shame joke gift moment place
    doctor nurse other another former supper butter paper shower trainer pensioner never ever after
    over under her however whether either water power buyer neighbour foreigner prisoner sister's
    cleaner error mirror factor doctor's visitor tutor major minor humour tumour colour favour
    tenor horror terror manner banner copper pepper rubber timber chamber member's cancer fever
    layer liar offer river silver shoulder stopper blister whisker cover barrier career premier
    realist optimist pessimist perfectionist list twist mist artist tourist feminist
""")
_WORK_ENDINGS = ("er", "or", "ist", "ian", "man", "woman", "smith", "wright", "eer", "monger")
_WORK_WORDS = listed("""
    judge coroner mayor bishop vicar priest nun monk rabbi imam minister butcher chemist cook chef
    midwife pilot spy diplomat barrister solicitor architect surgeon dentist vet jockey blacksmith
    milliner cobbler cooper thatcher farrier steeplejack docker bargee drayman knocker-up weaver
    spinner mender shepherd gamekeeper magistrate ambassador mp councillor headmaster headmistress
    headteacher head matron professor lecturer physicist astronomer composer poet novelist actor
    actress comedian footballer cricketer boxer wrestler acrobat clown magician lighthouse-keeper
    undertaker embalmer bookmaker auctioneer stonemason plumber electrician joiner miner signalman
    policeman policewoman detective constable sergeant soldier sailor captain colonel general
    admiral gunner wren clippie conductor cabbie lorry-driver stewardess steward model dressmaker
    seamstress upholsterer clockmaker watchmaker glassblower potter sculptor printer typesetter
    bookbinder librarian archivist curator verger organist bellringer sexton gravedigger
    conductress waitress governess manageress postmistress postmaster stationmaster usherette
""")
# Work only with what is before them: "health visitor", "window cleaner", "lollipop man".
_WORK_HEADS = listed("""
    visitor cleaner tutor singer dancer reader helper trainer walker buyer tuner supporter carer
""")
_PEOPLE = frozenset({"man", "woman", "lady", "girl", "lad", "boy"})
_TRADES = listed("""
    lollipop dinner milk coal bin dustbin ice-cream cream insurance pools delivery fish meat tea
    bread pop gas rent cleaning maintenance security school canteen dairy market stable paper
    ambulance anchor camera medicine mill railway tram bus lock signal telephone
""")
_QUALITIES = listed("""
    good bad big great heavy fast slow keen lovely proper real right terrible poor fine born strong
    happy sad old young little nice natural lifelong regular beautiful brilliant wonderful fantastic
    bit avid careful first only main full-time part-time full-timer family unpaid sole volunteer
""")
_ORDINARY_WORK = listed("""
    teacher driver cleaner secretary builder manager engineer clerk typist plumber electrician
    joiner farmer miner shopkeeper cook nurse worker receptionist accountant hairdresser
""")
_MOST_BEFORE = 3
_DEMONYMS = listed("""
    english scottish welsh irish british polish ukrainian jamaican barbadian trinidadian indian
    pakistani bangladeshi punjabi gujarati bengali kashmiri tamil sri-lankan chinese cantonese
    vietnamese japanese korean filipino filipina thai malaysian nigerian ghanaian kenyan ugandan
    somali ethiopian eritrean sudanese egyptian moroccan algerian turkish kurdish iranian persian
    iraqi syrian lebanese israeli palestinian russian latvian lithuanian estonian german austrian
    dutch belgian french spanish portuguese italian greek cypriot maltese hungarian czech slovak
    romanian bulgarian serbian croatian bosnian albanian kosovan swedish norwegian danish finnish
    icelandic american canadian mexican brazilian chilean australian caribbean african european
    asian roma romany gypsy traveller bajan cornish manx yemeni afghan zimbabwean zambian
    rhodesian south-african west-indian windrush
""")
_ETHNIC = listed("black white brown mixed mixed-race coloured")
_ETHNIC_NOUNS = listed("""
    family families people person man woman men women lad lass child kids girl boy community
    british african caribbean heritage background race
""")
_PERSONAL = listed("""
    i i'm we we're he he's she she's they they're my his her our their husband's husband wife's
    wife mum's mum dad's dad mother's mother father's father family family's parents was is are
    were being only gran's grandad's nan's side born originally
""")
_SAID_OF = _BE | listed("we're they're husband's wife's mum's dad's half are")
_FAITHS = listed("""
    catholic protestant methodist baptist anglican presbyterian quaker christian muslim islam
    jewish hindu sikh buddhist jain mormon pentecostal evangelical atheist humanist pagan
    rastafarian orthodox spiritualist salvationist
""")
_FAITH_PAIRS = {
    ("jehovah's", "witness"), ("jehovah's", "witnesses"), ("plymouth", "brethren"),
    ("seventh", "day"), ("christian", "scientist"),
}  # fmt: skip
_EVENTS = listed("""
    disaster floods flood riots riot bombing bombings fire crash strike massacre earthquake
    explosion siege final finals olympics derby coronation jubilee blitz evacuation explosion
    rescue shooting collapse sinking derailment murders murder
""")
_PLAIN_EVENTS = listed("fire crash flood final strike rescue murder derby collapse")
_MOST_EVENT_WORDS = 5


def occupations(turn: Turn) -> Iterator[Find]:
    """Find "I was a lighthouse keeper", "he'd been the mayor", "trained as a midwife"."""
    for at in range(1, len(turn.pieces)):
        if turn.low(at) not in _ARTICLES:
            continue
        before = turn.low(at - 1)
        as_work = before in _AS and turn.low(at - 2) in _WORKED
        if before not in _BE and not as_work:
            continue
        last = _work_end(turn, at + 1, sure=as_work)
        if last is None:
            continue
        words = [p.bare for p in turn.pieces[at + 1 : last]]
        common = len(words) == 1 and words[0] in _ORDINARY_WORK
        yield Find(at + 1, last, Category.OCCUPATION, 0.3 if common else _ASKED)


def _work_end(turn: Turn, at: int, *, sure: bool) -> int | None:
    """Return the index after "retired lion tamer", None where no work is named."""
    end = None
    for head in range(at, min(at + _MOST_BEFORE + 1, len(turn.pieces))):
        piece = turn.pieces[head]
        if not piece.is_word or piece.low in _STOPS:
            break
        if _is_work(piece.bare, sure=sure) or (head > at and _is_work_together(turn, head)):
            end = head + 1
    return end


_STOPS = listed("""
    of in at for to from on with who that and but or so when because the a an i we he she it they
    as by than then there here my his her our not no very really quite too more less such
""")


def _is_work(word: str, *, sure: bool) -> bool:
    if word in _NO_WORK:
        return False
    if word in _WORK_WORDS or word in _ORDINARY_WORK:
        return True
    formed = word.endswith(_WORK_ENDINGS) and len(word) > 5  # noqa: PLR2004 - "user", "over"
    return formed and (sure or vocabulary.kind(word) == "word")


def _is_work_together(turn: Turn, head: int) -> bool:
    """Whether a word names work with the word before it, though not alone."""
    word, before = turn.pieces[head].bare, turn.low(head - 1)
    if word in _PEOPLE:
        return before in _TRADES
    return word in _WORK_HEADS and before not in _QUALITIES and vocabulary.kind(before) == "word"


def backgrounds(turn: Turn) -> Iterator[Find]:
    """Find nationality and ethnicity said of a person: "she's Polish", "a Black family"."""
    for at, piece in enumerate(turn.pieces):
        word = piece.bare
        of_person = {turn.low(at - back) for back in (1, 2, 3)} & _PERSONAL
        followed = turn.low(at + 1) in _ETHNIC_NOUNS
        if word in _ETHNIC and followed and (of_person or turn.low(at - 1) in {"a", "the"}):
            last = at + 2 if turn.low(at + 1) in _ETHNIC | _DEMONYMS else at + 1
            yield Find(at, last, Category.BACKGROUND, _ASKED_FIRST)
        elif word in _DEMONYMS and (piece.is_capital or _is_lowered(turn, at, of_person)):
            scored = _ASKED_FIRST if of_person or followed else 0.3
            yield Find(at, at + 1, Category.BACKGROUND, scored)


def _is_lowered(turn: Turn, at: int, of_person: set[str]) -> bool:
    """Whether a word in small letters is said of a person; "polish" is a word, too."""
    if turn.low(at) == "polish":
        return turn.low(at - 1) in _SAID_OF or turn.low(at + 1) in _ETHNIC_NOUNS
    return not turn.cased or bool(of_person)


def faiths(turn: Turn) -> Iterator[Find]:
    """Find a religion: "we're Sikh", "a Jehovah's Witness"."""
    for at, piece in enumerate(turn.pieces):
        if (piece.low, turn.low(at + 1)) in _FAITH_PAIRS:
            yield Find(at, at + 2, Category.RELIGION, _ASKED_FIRST)
        elif piece.bare in _FAITHS or piece.bare.removesuffix("s") in _FAITHS:
            yield Find(at, at + 1, Category.RELIGION, _ASKED)


def events(turn: Turn) -> Iterator[Find]:
    """Find what many know and few were in: "the Hillsborough disaster", "the miners' strike"."""
    for at, piece in enumerate(turn.pieces):
        if piece.bare not in _EVENTS:
            continue
        first = at
        while first > 0 and at - first < _MOST_EVENT_WORDS and _may_name_event(turn, first - 1):
            first -= 1
        opened = turn.low(first - 1) == "the"
        if first < at and opened and (piece.bare not in _PLAIN_EVENTS or at - first > 1):
            yield Find(first, at + 1, Category.EVENT, _ASKED)


def _may_name_event(turn: Turn, at: int) -> bool:
    piece = turn.pieces[at]
    return piece.is_name_part and piece.low not in _STOPS and piece.low not in {"same", "whole"}
