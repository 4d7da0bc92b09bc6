"""What the agencies' front-ends ask."""

REPORTS = """
    fragment Reports on SupportReportConnection { totalCount edges { cursor node {
        id version madeBy { name } givenOn seenBecause { number }
        parts { id about { id givenName } whatWasDone sensitivity } } } }
"""
SECTIONS = "sections { kind state coveredFrom coveredTo }"

FAMILY = (
    """query Family($id: ID!) { family(id: $id) { id
        members { id role from to person { id givenName familyName dateOfBirth } household { id label } }
        households { id label } leadPractitioner { holder { name } } team { position holder { name } about { givenName } }
        """
    + SECTIONS
    + """
        supportReports(first: 50) { ...Reports }
        involvements { totalCount edges { node { id howToReach madeBy { name } } } }
        needs { totalCount edges { node { id severity reason } } }
        relationships { kind person { givenName } other { givenName } }
        sharingDecisions { id purpose kinds receivers isConfirmed }
        records(first: 50) { totalCount pageInfo { endCursor hasNextPage } edges { cursor node { __typename id } } } } }"""
    + REPORTS
)
PERSON = (
    """query Person($id: ID!) { person(id: $id) { id givenName familyName dateOfBirth seenBecause { number } families { id } """
    + SECTIONS
    + """
        supportReports(first: 50) { ...Reports }
        involvements { totalCount edges { node { id howToReach madeBy { name } } } }
        needs { totalCount edges { node { id severity reason } } }
        enrolments { id school { name } state fromOn untilOn } attendance { id academicYear }
        legalStatuses { id } addresses { id } contacts { id reason decision } relationships { id kind }
        sharingDecisions { id } identityRecords { id ownId givenName } numbers { id scheme } } }"""
    + REPORTS
)
HISTORY = """query History($id: ID!, $first: Int, $after: String) { person(id: $id) { history(first: $first, after: $after) {
    totalCount pageInfo { hasNextPage endCursor } edges { cursor node {
        __typename id madeAt madeBy { name } seenBecause { number }
        ... on SupportReport { parts { about { givenName } whatWasDone } } } } } } }"""
FAMILIES = "{ families(first: 50) { totalCount edges { cursor node { id members { person { givenName } } } } } }"
NODE = """query Node($id: ID!) { node(id: $id) { __typename id
    ... on Record { version madeAt madeBy { name } about { id givenName } seenBecause { number } }
    ... on SupportReport { parts { whatWasDone about { givenName } } }
    ... on Person { givenName familyName dateOfBirth } ... on IdentityRecord { ownId } } }"""
SEARCH = """query Search($input: PersonSearchInput!) { personSearch(input: $input, first: 20) { totalCount
    edges { cursor node { id givenName familyName dateOfBirth } } } }"""
VIEWER = "{ viewer { role purpose agency { name } practitioner { name } services { name } } }"
