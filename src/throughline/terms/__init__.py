"""The closed vocabularies. Values equal the GraphQL names; what differs by area is data, not a term."""
