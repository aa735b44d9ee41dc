"""What the site's own settings keep of people: nothing."""

from base.personal import Holdings, kept, nothing_to_erase, nothing_to_export, register_holdings

OF_THE_SITE = kept("says what the site is")

register_holdings(
    Holdings(
        name="members.site",
        columns={
            "members.SiteSettings.name": OF_THE_SITE,
            "members.SiteSettings.logo": OF_THE_SITE,
            "members.SiteSettings.languages": OF_THE_SITE,
        },
        export=nothing_to_export,
        erase=nothing_to_erase,
    )
)
