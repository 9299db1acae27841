"""Piccolo's view of this package: its tables and where its migrations lie."""

import os

from piccolo.conf.apps import AppConfig, table_finder

CURRENT_DIRECTORY = os.path.dirname(os.path.abspath(__file__))

APP_CONFIG = AppConfig(
    app_name="procurement",
    migrations_folder_path=os.path.join(CURRENT_DIRECTORY, "piccolo_migrations"),
    table_classes=table_finder(
        [
            "procurement.frameworks.tables",
            "procurement.budgets.tables",
            "procurement.budgets.year_ends.tables",
            "procurement.purchases.tables",
            "procurement.offers.tables",
            "procurement.purchases.approvals.tables",
            "procurement.purchases.tenders.challenges.tables",
            "procurement.purchases.tenders.tables",
            "procurement.purchases.tenders.awards.tables",
            "procurement.contracts.tables",
            "procurement.contracts.amendments.tables",
            "procurement.contracts.terminations.tables",
            "procurement.contracts.notices.tables",
            "procurement.deliveries.tables",
            "procurement.contracts.requirements.tables",
            "procurement.deliveries.proofs.tables",
            "procurement.deliveries.acceptances.tables",
            "procurement.oversight.ratings.tables",
            "procurement.deliveries.months.tables",
            "procurement.deliveries.waiting.tables",
            "procurement.deliveries.changes.tables",
            "procurement.deliveries.ratings.tables",
            "procurement.deliveries.ordering.hours.tables",
            "procurement.payments.tables",
            "procurement.tariffs.tables",
            "procurement.claims.tables",
            "procurement.claims.cases.tables",
            "procurement.claims.expenses.tables",
            "procurement.claims.posts.tables",
            "procurement.claims.doubles.tables",
            "procurement.claims.disputes.tables",
            "procurement.claims.sampling.tables",
            "procurement.claims.payees.tables",
            "procurement.ledger.tables",
            "procurement.settlement.tables",
            "procurement.settlement.layouts.tables",
            "procurement.settlement.vouchers.tables",
            "procurement.taxes.tables",
            "procurement.donations.funds.tables",
            "procurement.donations.gifts.tables",
            "procurement.donations.refunds.tables",
            "procurement.donations.acknowledgements.tables",
            "procurement.donations.desk.tables",
            "procurement.donations.events.tables",
            "procurement.donations.uses.tables",
            "procurement.donations.reconciliation.tables",
            "procurement.donations.unclear.tables",
            "procurement.donations.fake.tables",
            "procurement.oversight.flags.tables",
            "procurement.oversight.samples.tables",
        ]
    ),
    migration_dependencies=["volunteers.piccolo_app"],
    commands=[],
)
