"""Sets of categories as people write them: some well made, some with known trouble."""

from __future__ import annotations

from docsort_server.engine.model import Category, Terms

MAILROOM = (
    Category(
        "Complaint", "A customer is unhappy with a product or a service and asks for redress."
    ),
    Category("Cancellation", "A customer ends a contract, a policy or a subscription."),
    Category("Change of address", "Somebody tells that they have moved, with the new address."),
    Category("Application", "Somebody applies for a job, with a covering letter or a resume."),
    Category("Invoice", "A bill to be paid.", ("Gives an amount due", "Has a payment deadline")),
    Category("Other", "All other mail."),
)
LOGISTICS = (
    Category(
        "Bill of lading",
        "A carrier's receipt for goods that are shipped by sea.",
        ("Names the vessel and the port of loading", "Names shipper and consignee"),
    ),
    Category(
        "Packing list",
        "What is in each package of a shipment.",
        ("Lists packages with weights or dimensions",),
    ),
    Category(
        "Customs declaration",
        "Goods declared to customs.",
        ("Has tariff codes", "States the customs value and the country of origin"),
    ),
    Category(
        "Delivery note",
        "Comes with the goods and is signed at delivery.",
        ("Has a place to sign for the goods", "Lists what was delivered"),
    ),
)
HEALTH = (
    Category("Prescription", "A doctor orders medicine.", ("Names a medicine and its dose",)),
    Category("Lab report", "Measured values of a sample.", ("Gives reference ranges",)),
    Category("Referral", "A doctor sends a patient to a specialist.", ("Names a specialist",)),
    Category("Discharge summary", "Ends a stay in hospital.", ("Tells dates of the stay",)),
    Category("Consent form", "A patient agrees to a treatment.", ("Is signed by the patient",)),
)
PEOPLE = (
    Category("Employment contract", "Terms of work between employer and employee."),
    Category("Pay stub", "Earnings and deductions of a month."),
    Category("Sick note", "A doctor certifies that somebody cannot work."),
    Category("Reference letter", "A former employer praises a person."),
    Category("Timesheet", "Hours worked by day."),
    Category("Resume", "Work experience and education of a person."),
)
PROPERTY = (
    Category("Lease", "A landlord lets a flat to a tenant.", ("Names landlord and tenant",)),
    Category("Deed", "Land changes its owner.", ("Describes the parcel", "Is notarised")),
    Category("Floor plan", "A drawing of rooms.", ("Shows rooms with measures",)),
    Category("Utility bill", "Electricity, gas or water used.", ("Gives a meter reading",)),
    Category("Appraisal", "What a property is worth.", ("Names comparable sales",)),
)
GERMAN = (
    Category("Rechnung", "Fordert zur Zahlung auf.", ("Nennt einen Gesamtbetrag",)),
    Category("Mahnung", "Erinnert an eine offene Zahlung.", ("Nennt eine neue Frist",)),
    Category("Vertrag", "Regelt Rechte und Pflichten.", ("Ist unterschrieben",)),
    Category("Lieferschein", "Liegt der Ware bei.", ("Nennt gelieferte Mengen",)),
    Category("Kontoauszug", "Zeigt die Bewegungen eines Kontos."),
    Category("Sonstiges"),
)
NAMES = tuple(map(Category, ("Invoice", "Receipt", "Contract", "Bank statement", "Letter")))
TERMS = (
    Category(
        "Contract",
        "An agreement that binds its parties.",
        ("Names the parties", "Is a draft", "Number"),
        (Terms(required=True), Terms(negative=True), Terms(pattern=r"C-\d+")),
    ),
    Category("Draft contract", "An agreement that nobody has signed yet, marked as a draft."),
)
LOANS = (
    Category("Loan application", "Asks a bank for a loan.", ("States the amount asked for",)),
    Category("Loan agreement", "Terms of a loan.", ("States an interest rate and a term",)),
    Category("Tax return", "Income declared to a tax authority.", ("Names the tax year",)),
    Category("Bank statement", "Movements of an account.", ("Shows a closing balance",)),
    Category("ID document", "A passport or an identity card.", ("Has a photograph",)),
)
GOOD = {
    "mailroom": MAILROOM,
    "logistics": LOGISTICS,
    "health": HEALTH,
    "people": PEOPLE,
    "property": PROPERTY,
    "german": GERMAN,
    "names": NAMES,
    "terms": TERMS,
    "loans": LOANS,
}
