"""The words by which statements compare, folded, in seven languages."""

from __future__ import annotations

from docsort_server.engine.counts import EXACTLY, FEWER, LEAST, MORE, MOST

# Of amounts, percentages, lengths of time and plain numbers.
ABOVE = (
    rf"{MORE}|above|over|greater than|higher than|larger than|bigger than|longer than|beyond"
    r"|exceed(?:s|ed|ing)?|hoher als|grosser als|langer als|uber|ubersteig(?:t|en)"
    r"|uberschreite[tn]|superieure?s? a|au[- ]dessus de|depass(?:e|ent|ant)|exced(?:e|ent|en|er|em)"
    r"|superior(?:es)? a|mayor(?:es)? (?:que|de|a)|por encima de|supera[nr]?|superior[ei] a"
    r"|maggior[ei] (?:di|a)|oltre|al di sopra di|hoger dan|groter dan|langer dan|boven"
    r"|overschrijd(?:t|en)|maior(?:es)? (?:que|do que)|acima de|ultrapassam?|>"
)
AT_LEAST = (
    rf"{LEAST}|not less than|not under|not below|starting (?:at|from)|ab|>=|≥"
    r"|(?:more|greater) than or equal to|grosser(?: oder)? gleich|superieure?s? ou egale?s? a"
    r"|(?:superior|mayor)(?:es)? o igual(?:es)? (?:a|que)|(?:superior|maggior)[ei] o ugual[ei] a"
    r"|groter dan of gelijk aan|(?:superior|maior)(?:es)? ou igual a"
)
BELOW = (
    rf"{FEWER}|below|under|lower than|smaller than|shorter than|niedriger als|kleiner als"
    rf"|kurzer als"
    r"|geringer als|unter|inferieure?s? a|en[- ]dessous de|inferior(?:es)? a"
    r"|menor(?:es)? (?:que|de|a)"
    r"|por debajo de|inferior[ei] a|minor[ei] (?:di|a)|sotto(?: i)?|al di sotto di|lager dan"
    r"|kleiner dan|korter dan|onder|menor(?:es)? (?:que|do que)|abaixo de|<"
)
AT_MOST = (
    rf"{MOST}|not over|not above|not to exceed|not exceeding|capped at|limited to|bis zu|jusqu'a"
    r"|hasta|fino a|tot|ate|<=|≤|less than or equal to|kleiner(?: oder)? gleich"
    r"|inferieure?s? ou egale?s? a|(?:inferior|menor)(?:es)? o igual(?:es)? (?:a|que)"
    r"|(?:inferior|minor)[ei] o ugual[ei] a|kleiner dan of gelijk aan"
    r"|(?:inferior|menor)(?:es)? ou igual a"
)
EQUAL = (
    rf"{EXACTLY}|equals?|equal to|amounts? to|is|are|of|betragt|betragen|belauft sich auf|ist|von"
    r"|s'eleve a|est d[eu]|est|d[eu]|d'|asciende a|es del?|es|del?|ammonta a|e del|e di|e|di"
    r"|bedraagt|bedragen|van|e d[eo]|do|="
    r"|(?:e )?pari a(?:d|l|lla?)?|egale?s? a|igual(?:es)? a|gleich|gelijk aan"
)
# Of dates.
BEFORE = (
    r"before|prior to|earlier than|older than|vor|fruher als|avant|anterieure?s? a|antes d[eo]"
    r"|antes del|anterior(?:es)? al?|prima d(?:i|el|ell')|anterior[ei] al?|precedent[ei] al?|voor"
    r"|eerder dan|anterior(?:es)? ao?"
)
AFTER = (
    r"after|later than|nach|spater als|apres|posterieure?s? a|despues del?|posterior(?:es)? al?"
    r"|dopo|posterior[ei] al?|successiv[oaei] al?|na\b|later dan|depois d[eo]|apos"
    r"|posterior(?:es)? ao?"
)
SINCE = (
    r"since|not before|no earlier than|not earlier than|on or after|seit|ab|fruhestens"
    r"|a partir d[eu]l?"
    r"|depuis|desde|a partire dal?|dal|sinds|vanaf|niet voor"
)
UNTIL = (
    r"until|till|up to|by|no later than|not later than|on or before|not after|at the latest by|bis"
    r"|spatestens|jusqu'(?:a|au|en)|au plus tard|hasta|a mas tardar|fino al?|entro|uiterlijk|tot"
    r"|ate|no mais tardar"
)
WITHIN = (
    r"in|on|of|from|for|im|am|vom|von|aus|en|le|du|de|del|d[ao]|em|nel|di|op|van|uit|exactly"
    r"|is|ist|est"
    r"|es|dated|datiert|datee?|fechad[oa]|datat[oa]|datad[oa]|gedateerd"
)
BETWEEN = r"between|from|zwischen|von|entre|tra|fra|tussen|van|de|da|dal|d[eu]l|desde"
AND = r"and|to|until|und|bis|et|a|au|y|al?|hasta|e|ed|en|tot|ate"
ARTICLES = r"(?:(?:the|der|den|die|das|les|le|la|los|las|el|lo|gli|il|i|de|het|os|as|o|a)\s)?"
# What may stand between these and a date, and what turns them: "not above", "n'excede pas".
LEADS = (
    r"(?:(?:the|of|on|to|in|zum|dem|den|der|am|im|le|la|l'|au|en|du|el|il|lo|het|op|met|o|a"
    r"|year|month"
    r"|years|jahre?|monat|annee|an|ano|anno|jaar|mes|mese|mois)\b\s?|l'\s?){0,4}"
)
NOT = (
    r"(?:\b(?:not|cannot|never|nicht|ne|non|no|niet|nao|neither|nor|weder|noch|ni"
    r"|(?:n'est|ne sont|n'etait) pas|no (?:es|son|sea|esta)|non (?:e|sono|sia)"
    r"|nao (?:e|sao|seja|esta))\s+(?:be\s+)?"
    r"|n't\s+(?:be\s+)?|\bn')"
)
# At the start of an expression: the group `turned` matches where "not" stands before.
MAYBE_NOT = rf"(?P<turned>{NOT})?(?<![\w-])"
# Before a value that it must not be: "is not 500 EUR", "n'est pas de 500 EUR", "other than 500".
NOT_EQUAL = (
    r"(?:\b(?:(?:does|do|did) )?not|n't|\b(?:nicht|pas|niet|nao|never|other than"
    r"|different from|unequal to|anders als|ungleich|different d[eu]|distint[oa] de"
    r"|divers[oa] d[ai]|anders dan|diferente d[eo])"
    r"|(?:^|\s)(?:no|non)(?: (?:es|e|sono))?|!=|≠|<>)\s?"
    r"(?:(?:exactly|precisely|equal(?: to)?|genau|gleich|exactement|exactamente) ?)?$"
)
BEHIND_NOT = r"(?:\s+(?:pas|nicht|niet))?"
# Behind what is compared with: "500 EUR or more", "1 March or later".
OR_MORE = (
    r"(?:or|and|oder|ou|o|of|und|et|y|e|en) (?:more|above|over|mehr|daruber|plus|mas|piu|meer"
    r"|mais|later"
    r"|after|newer|spater|danach|apres|posterior|dopo|depois)|upwards|onwards?|and up"
    r"|aufwarts"
)
OR_LESS = (
    r"(?:or|and|oder|ou|o|of|und|et|y|e|en) (?:less|below|under|fewer|weniger|darunter|moins"
    r"|menos|meno"
    r"|minder|earlier|before|older|fruher|davor|avant|antes|prima|eerder)"
)
# Comparisons that are heard as such whatever is compared with.
PLAIN = (
    r"(?:over|under|above|below|uber|unter|at least|mindestens|plus de|mas de|piu di|meer dan)"
    r" \d{1,3} (?:(?:years|jahre) (?:old|of age|alt)|ans d'age|anos de edad|anni d'eta|jaar oud)|"
    r"(?:more|less|greater|higher|larger|bigger|lower|smaller|later|earlier|older|newer|longer"
    r"|shorter)"
    r" than|exceed(?:s|ing)|in excess of|within \w+ (?:days?|weeks?|months?) (?:of|after|before)"
    r"|(?:before|after|prior to|above|below|over|under) (?:the|its|that|this|any) (?:\w+ ){0,2}"
    r"(?:date|deadline|limit|threshold|amount|maximum|minimum|average|total|price|value|level)"
    r"|(?:mehr|hoher|niedriger|grosser|kleiner|spater|fruher|alter|neuer|langer|kurzer|weniger) als"
    r"|ubersteigt|uberschreitet"
    r"|(?:superieur|inferieur|anterieur|posterieur)e?s? (?:a|au)|depasse|plus (?:eleve|recent"
    r"|ancien)e?"
    r"|(?:superior|inferior|posterior|anterior)(?:es)? (?:al?|ao?)|(?:mayor|menor"
    r"|maior) (?:que|do que)"
    r"|(?:superior|inferior|posterior|anterior)[ei] a(?:l|lla|i)?|(?:maggior|minor)[ei] (?:di|del)"
    r"|(?:hoger|lager|groter|kleiner|later|eerder|ouder|langer|korter) dan|overschrijdt"
    r"|(?:equals?|equal to|(?:the same|identical) (?:as|to|with)|differs? from|match(?:es)?)"
    r" (?:the|its|that|those|what)|entspricht de[mrn]|egale? (?:au|a l[ae])|igual (?:a|al|ao)"
    r"|uguale all?a?|gelijk aan"
    r"|(?:before|after|until|prior to) (?:the|its) (?:[\w-]+ ){1,4}"
    r"(?:begins?|began|starts?|started|ends?|ended|expires?|expired)"
)
# What has no date of its own to be held against: the age of a page.
OLDER = (
    r"(?:older|younger|newer|more recent) than|(?:alter|junger|neuer) als|ouder dan|jonger dan"
    r"|plus (?:ancien|vieux|vieille|recent)e?s? (?:que|de)|anterior(?:es)? a"
)
OLD = r"(?:old|ago|alt|oud|geleden|de antiguedad|d'anciennete|d'age|di anzianita|atras|fa)(?!\w)"
LAST = (
    r"(?:(?:within|in|during|over|innerhalb|dans|au cours|en|nei|negli|nos|nas)\s)?"
    r"(?:(?:the|der|den|de|des|les|los|las|gli|os|as)\s)?(?:last|past|previous|recent|letzten?"
    r"|vergangenen?|derniere?s?|ultim[oaie]s?|afgelopen|laatste)"
)
