"""What to paste: a first question for each role, and a first report."""

VIEWER = """query WhoAmI { viewer { role purpose agency { name } practitioner { name jobTitle } } }"""

PUBLISHED = """query Published { publishedCounts { area year reports people fewest publishedOn } }"""

FAMILY = """query FamilyPicture($id: ID!) { family(id: $id) {
  members { role person { givenName familyName dateOfBirth } }
  leadPractitioner { holder { name agency { name } } }
  sections { kind state coveredFrom coveredTo }
  supportReports(first: 20) { totalCount edges { node {
    givenOn kindOfSupport { label } madeBy { name }
    parts { whatWasDone outcome about { givenName } }
    seenBecause { number text } } } } } }"""

PERSON = """query History($id: ID!) { person(id: $id) {
  givenName familyName dateOfBirth
  sections { kind state coveredFrom coveredTo }
  supportReports(first: 20) { totalCount edges { node {
    givenOn kindOfSupport { label } madeBy { name } parts { whatWasDone } seenBecause { number text } } } }
  involvements(first: 20) { totalCount edges { node { howToReach madeBy { name } } } } } }"""

PROTECTION = """query Protection($id: ID!) { person(id: $id) {
  givenName familyName
  legalStatuses { status fromOn }
  supportReports(first: 20) { totalCount edges { node {
    givenOn parts { whatWasDone } seenBecause { number text } } } } } }"""

ENROLMENTS = """query Enrolments($id: ID!) { person(id: $id) {
  givenName familyName
  enrolments { state fromOn untilOn school { name } seenBecause { number text } } } }"""

TRIAGE = """query Triage($id: ID!) { person(id: $id) {
  givenName familyName
  contacts { receivedOn channel reason decision madeBy { name } }
  supportReports(first: 20) { totalCount edges { node {
    givenOn parts { whatWasDone } seenBecause { number text } } } } } }"""

SEARCH = """query Search($input: PersonSearchInput!) { personSearch(input: $input, first: 5) {
  totalCount edges { node { id givenName familyName dateOfBirth } } } }"""

SHARING = """query Sharing($id: ID!) { person(id: $id) {
  sharingDecisions { purpose fromOn reviewOn untilOn isConfirmed seenBecause { number text } }
  legalHolds { kinds reason fromOn } }
  emergencyAccesses { totalCount edges { node { id version ground reason madeAt untilAt reviewState reviewDueOn } } } }"""

FIRST_REPORT = """mutation FirstReport($input: SupportReportSubmitInput!) {
  supportReportSubmit(input: $input) {
  supportReport { id version givenOn parts { whatWasDone about { id givenName familyName } } }
  userErrors { code message field } } }"""


def first_report(given_on: str) -> dict[str, object]:
    """The variables of FIRST_REPORT. `given_on`: a day, as ISO writes it."""
    child = {
        "ownId": "MY-SYSTEM-17",
        "givenName": "Robin",
        "familyName": "Ashdown",
        "dateOfBirth": "2016-05-09",
    }
    part = {"about": [{"identity": child}], "whatWasDone": "Breakfast club, four mornings of five."}
    return {
        "input": {
            "idempotencyKey": "my-first-report",
            "kindOfSupport": "PASTORAL_MENTORING",
            "givenOn": given_on,
            "delivery": "GROUP",
            "parts": [part],
        }
    }
