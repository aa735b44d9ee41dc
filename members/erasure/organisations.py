"""What is kept of people in organisations: an organisation is no person and stays."""

from base.personal import Holdings, kept, nothing_to_erase, nothing_to_export, register_holdings

OF_THE_HOUSE = kept("says what an organisation is, and stays with it")

register_holdings(
    Holdings(
        name="members.organisations",
        columns={
            "members.Organisation.name": OF_THE_HOUSE,
            "members.Organisation.country": OF_THE_HOUSE,
            "members.Organisation.town": OF_THE_HOUSE,
            "members.Organisation.website": OF_THE_HOUSE,
            "members.Organisation.description": OF_THE_HOUSE,
        },
        export=nothing_to_export,
        erase=nothing_to_erase,
    )
)
