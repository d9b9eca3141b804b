"""Danish as a servicedesk meets it: few words everywhere, many words hardly ever (Zipf's law)."""

from collections.abc import Iterator
from functools import lru_cache
from itertools import accumulate, product
from random import Random

from servicedesk.core.words import tokens

#: Everybody's words first, in about the order of how often they are written.
_EVERYWHERE = """
og jeg i det at er ikke på til en den kan for med der vi har af de som men et så hej min når tak virker fra har om mvh
hilsen problem adgang hjælp skal computer system login printer fejl ny bruger venlig adgangskode mail sag telefon
program net skærm kode medarbejder skriver vil blev også igen nu efter her hvad man være ved eller over mig hun han
dig ud op ind meget mere få får kunne når fordi prøvet genstarte logge åbne borger kontor møde fil mappe kollega
afdeling
"""
_ROOTS = """
adgang aften afdeling aftale andragende anlæg ansøgning apparat app arbejde arkiv assistent attest barn batteri
bedrift beboer behandling besked besøg betaling bevilling bibliotek bil billed billet blanket blok bog bolig bord
borger bruger brev bro budget bus by bygning bøn café central chat chip dag data database debat deling dialog diktat
disk distrikt dok dokument drev drift dør ejendom eksamen elev enhed erhverv etage faktura familie ferie fil filter
firma fjernskrivebord flade flyt foder folder fold fond forening form forsyning forvaltning fravær frist fuldmagt
garage gebyr genopretning gruppe grund gæst hal handicap have hjem hjælp hoved hukommelse hus hygiejne højtaler id
indkøb indgang infrastruktur institution intra jobcenter journal jura kabel kalender kamera kanal kantine kasse
katalog klasse klient klub knap kode kolonne kommune konference konsulent kontakt konto kontor kontrakt kopi kort
kredit kunde kursus kvittering køkken kø lager lampe lejer ledelse leder leje lektie leverandør licens linje liste log
logo lokale lov læge lærer løn lås maskine materiale medicin medie melding menu metode miljø mobil modul mor motor mus
museum mærke møde nabo navn net nummer nøgle område opgave opkald opslag oplæg ordning pakke panel papir park
parkering pas patient pause pc pensel pension personale plads plan pleje politik port post praktik presse printer
profil program projekt protokol prøve pulje punkt rapport rd realkredit receptpligt recept redskab register regning
reparation revision ringe rolle rotte rum rute rækkefølge sag saldo samling sang scanner sekretær seminar server
sikkerhed skab skat skema skilt skole skrift skrivebord skuffe skærm slange slot software spor sprog spørgsmål stab
stik stol strøm studie stue støtte sundhed support sygdom system søgning tablet takst tale tank tavle team teknik
telefon tid tilbud tilskud tjeneste tolk ton trafik trappe træning tur tyveri uddannelse udstyr ugeplan undervisning
ur vagt valg vand vare vej vejledning vikar video vindue virksomhed visitation vogn voksen vuggestue værksted vært
ydelse økonomi ønske øre årsag årsplan
"""
_ENDINGS = ("en", "er", "erne", "ets", "ens", "s")

#: How many different words people use.
WORDS = 40_000
#: Words of a made-up text come out of this many drawn beforehand, from a place that is drawn anew each time.
_STREAM = 2_000_000


def vocabulary() -> list[str]:
    """The commonest word first."""
    words = dict.fromkeys(_EVERYWHERE.split())
    roots = _ROOTS.split()
    draw = Random(7)
    draw.shuffle(roots)
    words.update(dict.fromkeys(roots))
    tail = [first + last for first, last in product(roots, roots) if first != last]
    tail += [root + ending for root, ending in product(roots, _ENDINGS)]
    draw.shuffle(tail)
    words.update(dict.fromkeys(tail))
    return list(words)[:WORDS]


class Writer:
    """Writes texts; with the same seed always the same ones."""

    def __init__(self, seed: int) -> None:
        self.words = vocabulary()
        self._tokens = [tuple(tokens(word)) for word in self.words]
        self._draw = Random(seed)
        weights = list(accumulate(1 / (rank + 2.7) for rank in range(len(self.words))))
        self._stream = self._draw.choices(range(len(self.words)), cum_weights=weights, k=_STREAM)

    def some(self, number: int) -> list[int]:
        """The numbers of words that stand in a text after one another."""
        begin = int(self._draw.random() * (_STREAM - number))
        return self._stream[begin : begin + number]

    def text(self, chosen: list[int]) -> str:
        words = [self.words[number] for number in chosen]
        return f"{' '.join(words).capitalize()}."

    @staticmethod
    @lru_cache(maxsize=10_000)
    def tokens_of(name: str) -> tuple[str, ...]:
        return tuple(tokens(name))

    def found_by(self, chosen: list[int]) -> Iterator[str]:
        for number in chosen:
            yield from self._tokens[number]
