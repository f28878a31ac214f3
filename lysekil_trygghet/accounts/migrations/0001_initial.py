import django.db.models.deletion
import django.db.models.functions.text
import simple_history.models
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
    ]

    operations = [
        migrations.CreateModel(
            name="User",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("password", models.CharField(max_length=128, verbose_name="password")),
                ("last_login", models.DateTimeField(blank=True, null=True, verbose_name="last login")),
                (
                    "is_superuser",
                    models.BooleanField(
                        default=False,
                        help_text="Designates that this user has all permissions without explicitly assigning them.",
                        verbose_name="superuser status",
                    ),
                ),
                ("email", models.EmailField(max_length=254, unique=True, verbose_name="e-postadress")),
                (
                    "name",
                    models.CharField(
                        help_text="Så visas personen för kollegor. En funktion räcker.",
                        max_length=120,
                        verbose_name="namn eller funktion",
                    ),
                ),
                ("is_active", models.BooleanField(default=True, verbose_name="aktiv")),
                ("is_staff", models.BooleanField(default=False, verbose_name="får öppna inspektionen")),
                ("date_joined", models.DateTimeField(auto_now_add=True, verbose_name="upplagd")),
                (
                    "groups",
                    models.ManyToManyField(
                        blank=True,
                        help_text="The groups this user belongs to. A user will get all permissions granted to each of their groups.",
                        related_name="user_set",
                        related_query_name="user",
                        to="auth.group",
                        verbose_name="groups",
                    ),
                ),
                (
                    "user_permissions",
                    models.ManyToManyField(
                        blank=True,
                        help_text="Specific permissions for this user.",
                        related_name="user_set",
                        related_query_name="user",
                        to="auth.permission",
                        verbose_name="user permissions",
                    ),
                ),
            ],
            options={
                "verbose_name": "användare",
                "verbose_name_plural": "användare",
                "ordering": ["name"],
                "constraints": [
                    models.UniqueConstraint(
                        django.db.models.functions.text.Lower("email"), name="accounts_user_email_any_case"
                    )
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="HistoricalUser",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                (
                    "is_superuser",
                    models.BooleanField(
                        default=False,
                        help_text="Designates that this user has all permissions without explicitly assigning them.",
                        verbose_name="superuser status",
                    ),
                ),
                ("email", models.EmailField(db_index=True, max_length=254, verbose_name="e-postadress")),
                (
                    "name",
                    models.CharField(
                        help_text="Så visas personen för kollegor. En funktion räcker.",
                        max_length=120,
                        verbose_name="namn eller funktion",
                    ),
                ),
                ("is_active", models.BooleanField(default=True, verbose_name="aktiv")),
                ("is_staff", models.BooleanField(default=False, verbose_name="får öppna inspektionen")),
                ("date_joined", models.DateTimeField(blank=True, editable=False, verbose_name="upplagd")),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                ("history_change_reason", models.CharField(max_length=100, null=True)),
                (
                    "history_type",
                    models.CharField(choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1),
                ),
                (
                    "history_user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "historical användare",
                "verbose_name_plural": "historical användare",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
                "indexes": [],
                "constraints": [],
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalOrganisation",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                ("slug", models.SlugField(max_length=60)),
                ("name", models.CharField(max_length=120, verbose_name="namn")),
                ("short_name", models.CharField(max_length=40, verbose_name="kort namn")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("LEADERSHIP", "Kommunledning"),
                            ("DEPARTMENT", "Förvaltning"),
                            ("COMPANY", "Bolag"),
                            ("POLICE", "Polisen"),
                            ("GROUP", "Samverkansgrupp"),
                            ("ASSOCIATION", "Förening"),
                            ("UNIVERSITY", "Lärosäte"),
                            ("OTHER", "Annan"),
                        ],
                        max_length=20,
                        verbose_name="slag",
                    ),
                ),
                (
                    "is_own_authority",
                    models.BooleanField(
                        default=True,
                        help_text="Nämnder och Polisen är egna myndigheter: det som skickas hit blir oftast allmän handling.",
                        verbose_name="egen myndighet",
                    ),
                ),
                ("board", models.CharField(blank=True, max_length=120, verbose_name="nämnd")),
                ("function_mailbox", models.EmailField(blank=True, max_length=254, verbose_name="funktionsbrevlåda")),
                ("is_active", models.BooleanField(default=True, verbose_name="aktiv")),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                ("history_change_reason", models.CharField(max_length=100, null=True)),
                (
                    "history_type",
                    models.CharField(choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1),
                ),
                (
                    "history_user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "historical organisation",
                "verbose_name_plural": "historical organisationer",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
                "indexes": [],
                "constraints": [],
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="Organisation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("slug", models.SlugField(max_length=60, unique=True)),
                ("name", models.CharField(max_length=120, verbose_name="namn")),
                ("short_name", models.CharField(max_length=40, verbose_name="kort namn")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("LEADERSHIP", "Kommunledning"),
                            ("DEPARTMENT", "Förvaltning"),
                            ("COMPANY", "Bolag"),
                            ("POLICE", "Polisen"),
                            ("GROUP", "Samverkansgrupp"),
                            ("ASSOCIATION", "Förening"),
                            ("UNIVERSITY", "Lärosäte"),
                            ("OTHER", "Annan"),
                        ],
                        max_length=20,
                        verbose_name="slag",
                    ),
                ),
                (
                    "is_own_authority",
                    models.BooleanField(
                        default=True,
                        help_text="Nämnder och Polisen är egna myndigheter: det som skickas hit blir oftast allmän handling.",
                        verbose_name="egen myndighet",
                    ),
                ),
                ("board", models.CharField(blank=True, max_length=120, verbose_name="nämnd")),
                ("function_mailbox", models.EmailField(blank=True, max_length=254, verbose_name="funktionsbrevlåda")),
                ("is_active", models.BooleanField(default=True, verbose_name="aktiv")),
            ],
            options={
                "verbose_name": "organisation",
                "verbose_name_plural": "organisationer",
                "ordering": ["name"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "kind__in",
                                [
                                    "LEADERSHIP",
                                    "DEPARTMENT",
                                    "COMPANY",
                                    "POLICE",
                                    "GROUP",
                                    "ASSOCIATION",
                                    "UNIVERSITY",
                                    "OTHER",
                                ],
                            )
                        ),
                        name="accounts_organisation_kind",
                    )
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="Function",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.SlugField(max_length=60, unique=True)),
                ("label", models.CharField(max_length=120, verbose_name="benämning")),
                ("label_en", models.CharField(blank=True, max_length=120, verbose_name="benämning på engelska")),
                ("is_key", models.BooleanField(default=False, verbose_name="nyckelfunktion")),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="functions",
                        to="accounts.organisation",
                        verbose_name="organisation",
                    ),
                ),
            ],
            options={
                "verbose_name": "funktion",
                "verbose_name_plural": "funktioner",
                "ordering": ["label"],
                "indexes": [],
                "constraints": [],
            },
        ),
        migrations.CreateModel(
            name="HistoricalMembership",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("MUNICIPAL_DIRECTOR", "Kommundirektör"),
                            ("COORDINATOR", "Trygghetssamordnare"),
                            ("DEPARTMENT_HEAD", "Förvaltningschef"),
                            ("OFFICER", "Handläggare"),
                            ("REGISTRAR", "Registrator"),
                            ("MUNICIPAL_POLICE_OFFICER", "Kommunpolis"),
                            ("LPO_CHIEF", "Lokalpolisområdeschef"),
                            ("COMMUNICATOR", "Kommunikatör"),
                            ("RESEARCHER", "Följeforskare"),
                            ("ELECTED", "Förtroendevald"),
                            ("AUDITOR", "Revisor"),
                            ("ADMINISTRATOR", "Administratör"),
                        ],
                        max_length=30,
                        verbose_name="roll",
                    ),
                ),
                ("valid_from", models.DateField(verbose_name="gäller från")),
                ("valid_to", models.DateField(blank=True, null=True, verbose_name="gäller till och med")),
                (
                    "user",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="användare",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="accounts.organisation",
                        verbose_name="organisation",
                    ),
                ),
                (
                    "function",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="accounts.function",
                        verbose_name="funktion",
                    ),
                ),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                ("history_change_reason", models.CharField(max_length=100, null=True)),
                (
                    "history_type",
                    models.CharField(choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1),
                ),
                (
                    "history_user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "historical medlemskap",
                "verbose_name_plural": "historical medlemskap",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
                "indexes": [],
                "constraints": [],
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="Membership",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="memberships",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="användare",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="memberships",
                        to="accounts.organisation",
                        verbose_name="organisation",
                    ),
                ),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("MUNICIPAL_DIRECTOR", "Kommundirektör"),
                            ("COORDINATOR", "Trygghetssamordnare"),
                            ("DEPARTMENT_HEAD", "Förvaltningschef"),
                            ("OFFICER", "Handläggare"),
                            ("REGISTRAR", "Registrator"),
                            ("MUNICIPAL_POLICE_OFFICER", "Kommunpolis"),
                            ("LPO_CHIEF", "Lokalpolisområdeschef"),
                            ("COMMUNICATOR", "Kommunikatör"),
                            ("RESEARCHER", "Följeforskare"),
                            ("ELECTED", "Förtroendevald"),
                            ("AUDITOR", "Revisor"),
                            ("ADMINISTRATOR", "Administratör"),
                        ],
                        max_length=30,
                        verbose_name="roll",
                    ),
                ),
                (
                    "function",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="memberships",
                        to="accounts.function",
                        verbose_name="funktion",
                    ),
                ),
                ("valid_from", models.DateField(verbose_name="gäller från")),
                ("valid_to", models.DateField(blank=True, null=True, verbose_name="gäller till och med")),
            ],
            options={
                "verbose_name": "medlemskap",
                "verbose_name_plural": "medlemskap",
                "ordering": ["organisation__name", "role", "id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "role__in",
                                [
                                    "MUNICIPAL_DIRECTOR",
                                    "COORDINATOR",
                                    "DEPARTMENT_HEAD",
                                    "OFFICER",
                                    "REGISTRAR",
                                    "MUNICIPAL_POLICE_OFFICER",
                                    "LPO_CHIEF",
                                    "COMMUNICATOR",
                                    "RESEARCHER",
                                    "ELECTED",
                                    "AUDITOR",
                                    "ADMINISTRATOR",
                                ],
                            )
                        ),
                        name="accounts_membership_role",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_to", None), ("valid_to__gte", models.F("valid_from")), _connector="OR"
                        ),
                        name="accounts_membership_dates",
                    ),
                    models.UniqueConstraint(
                        fields=("user", "organisation", "role", "valid_from"), name="accounts_membership_once"
                    ),
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="HistoricalDelegation",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                (
                    "power",
                    models.CharField(
                        choices=[
                            ("DECIDE", "Besluta i kommundirektörens ställe"),
                            ("ACCEPT_REPORTS", "Godkänna återrapporter"),
                            ("SUBMIT_REPORTS", "Lämna in återrapporter för sin förvaltning"),
                        ],
                        max_length=20,
                        verbose_name="befogenhet",
                    ),
                ),
                (
                    "reference",
                    models.CharField(
                        help_text="Till exempel diarienummer och datum.",
                        max_length=200,
                        verbose_name="beslut som delegationen vilar på",
                    ),
                ),
                ("valid_from", models.DateField(verbose_name="gäller från")),
                ("valid_to", models.DateField(verbose_name="gäller till och med")),
                (
                    "organisation",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="accounts.organisation",
                        verbose_name="gäller för organisationen",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="ges till",
                    ),
                ),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                ("history_change_reason", models.CharField(max_length=100, null=True)),
                (
                    "history_type",
                    models.CharField(choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1),
                ),
                (
                    "history_user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "historical delegation",
                "verbose_name_plural": "historical delegationer",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
                "indexes": [],
                "constraints": [],
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="Delegation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "power",
                    models.CharField(
                        choices=[
                            ("DECIDE", "Besluta i kommundirektörens ställe"),
                            ("ACCEPT_REPORTS", "Godkänna återrapporter"),
                            ("SUBMIT_REPORTS", "Lämna in återrapporter för sin förvaltning"),
                        ],
                        max_length=20,
                        verbose_name="befogenhet",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="delegations",
                        to="accounts.organisation",
                        verbose_name="gäller för organisationen",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="delegations",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="ges till",
                    ),
                ),
                (
                    "reference",
                    models.CharField(
                        help_text="Till exempel diarienummer och datum.",
                        max_length=200,
                        verbose_name="beslut som delegationen vilar på",
                    ),
                ),
                ("valid_from", models.DateField(verbose_name="gäller från")),
                ("valid_to", models.DateField(verbose_name="gäller till och med")),
            ],
            options={
                "verbose_name": "delegation",
                "verbose_name_plural": "delegationer",
                "ordering": ["-valid_from"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("power__in", ["DECIDE", "ACCEPT_REPORTS", "SUBMIT_REPORTS"])),
                        name="accounts_delegation_power",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("valid_to__gte", models.F("valid_from"))), name="accounts_delegation_dates"
                    ),
                ],
                "indexes": [],
            },
        ),
    ]
