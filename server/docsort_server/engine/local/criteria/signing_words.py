"""The words of signing in seven languages, folded, for statements and for pages."""

from __future__ import annotations

# What is signed, what is written there, one or several, and who has signed stands behind these.
SIGNED = (
    r"(?:signed|unterschrieben|unterzeichnet|signee?s?|firmad[oa]s?|firmat[oaie]|ondertekend"
    r"|assinad[oa]s?)"
)
SIGNATURE = r"(?:signature|unterschrift|firma|handtekening|assinatura)"
SIGNATURES = r"(?:signatures|unterschriften|firmas|firme|handtekeningen|assinaturas)"
BY = r"(?:by|von|vom|par|por|da|dal|dalle|dalla|dallo|door|pel[oa])"
# Also that they do: "firmaron", "assinaram".
SIGNING = (
    rf"(?:{SIGNED}|signs?|signent|unterschreiben|firma[rn]\w{{0,3}}|ondertekenen|assina\w{{1,3}})"
)
