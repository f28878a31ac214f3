import django.db.models.deletion
import simple_history.models
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0001_initial"),
        ("accounts", "__first__"),
    ]

    operations = [
        migrations.CreateModel(
            name="HistoricalSeriousEvent",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                (
                    "published_at",
                    models.DateTimeField(blank=True, editable=False, null=True, verbose_name="publicerad"),
                ),
                (
                    "withdrawn_at",
                    models.DateTimeField(blank=True, editable=False, null=True, verbose_name="avpublicerad"),
                ),
                ("revision", models.PositiveIntegerField(default=0, editable=False)),
                (
                    "confirmed_by_police",
                    models.BooleanField(default=False, editable=False, verbose_name="bekräftad av Polisen"),
                ),
                (
                    "confirmed_at",
                    models.DateTimeField(blank=True, editable=False, null=True, verbose_name="bekräftad"),
                ),
                ("title", models.CharField(max_length=140, verbose_name="rubrik")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("VIOLENCE", "Våld"),
                            ("DAMAGE", "Skadegörelse"),
                            ("UNREST", "Social oro"),
                            ("DRUGS", "Narkotika"),
                            ("FIRE", "Brand"),
                            ("OTHER", "Annat"),
                        ],
                        max_length=20,
                        verbose_name="slag",
                    ),
                ),
                ("occurred_from", models.DateTimeField(verbose_name="började")),
                ("occurred_to", models.DateTimeField(blank=True, null=True, verbose_name="slutade")),
                (
                    "place",
                    models.CharField(
                        help_text="Område eller plats, aldrig en bostadsadress.", max_length=120, verbose_name="plats"
                    ),
                ),
                ("internal_note", models.TextField(blank=True, max_length=2000, verbose_name="intern anteckning")),
                ("public_summary", models.TextField(blank=True, max_length=2000, verbose_name="text till invånarna")),
                (
                    "public_summary_en",
                    models.TextField(blank=True, max_length=2000, verbose_name="text till invånarna på engelska"),
                ),
                (
                    "confirmed_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
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
                "verbose_name": "historical allvarlig händelse",
                "verbose_name_plural": "historical allvarliga händelser",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
                "indexes": [],
                "constraints": [],
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="SeriousEvent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "published_at",
                    models.DateTimeField(blank=True, editable=False, null=True, verbose_name="publicerad"),
                ),
                (
                    "withdrawn_at",
                    models.DateTimeField(blank=True, editable=False, null=True, verbose_name="avpublicerad"),
                ),
                ("revision", models.PositiveIntegerField(default=0, editable=False)),
                (
                    "confirmed_by_police",
                    models.BooleanField(default=False, editable=False, verbose_name="bekräftad av Polisen"),
                ),
                (
                    "confirmed_at",
                    models.DateTimeField(blank=True, editable=False, null=True, verbose_name="bekräftad"),
                ),
                (
                    "confirmed_by",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("title", models.CharField(max_length=140, verbose_name="rubrik")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("VIOLENCE", "Våld"),
                            ("DAMAGE", "Skadegörelse"),
                            ("UNREST", "Social oro"),
                            ("DRUGS", "Narkotika"),
                            ("FIRE", "Brand"),
                            ("OTHER", "Annat"),
                        ],
                        max_length=20,
                        verbose_name="slag",
                    ),
                ),
                ("occurred_from", models.DateTimeField(verbose_name="började")),
                ("occurred_to", models.DateTimeField(blank=True, null=True, verbose_name="slutade")),
                (
                    "place",
                    models.CharField(
                        help_text="Område eller plats, aldrig en bostadsadress.", max_length=120, verbose_name="plats"
                    ),
                ),
                ("internal_note", models.TextField(blank=True, max_length=2000, verbose_name="intern anteckning")),
                ("public_summary", models.TextField(blank=True, max_length=2000, verbose_name="text till invånarna")),
                (
                    "public_summary_en",
                    models.TextField(blank=True, max_length=2000, verbose_name="text till invånarna på engelska"),
                ),
            ],
            options={
                "verbose_name": "allvarlig händelse",
                "verbose_name_plural": "allvarliga händelser",
                "ordering": ["-occurred_from", "-id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["VIOLENCE", "DAMAGE", "UNREST", "DRUGS", "FIRE", "OTHER"])),
                        name="incidents_event_kind",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("occurred_to", None), ("occurred_to__gte", models.F("occurred_from")), _connector="OR"
                        ),
                        name="incidents_event_times",
                    ),
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="HistoricalResponse",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                (
                    "published_at",
                    models.DateTimeField(blank=True, editable=False, null=True, verbose_name="publicerad"),
                ),
                (
                    "withdrawn_at",
                    models.DateTimeField(blank=True, editable=False, null=True, verbose_name="avpublicerad"),
                ),
                ("revision", models.PositiveIntegerField(default=0, editable=False)),
                ("slug", models.SlugField(max_length=80, verbose_name="adress")),
                ("title", models.CharField(max_length=140, verbose_name="rubrik")),
                ("title_en", models.CharField(blank=True, max_length=140, verbose_name="rubrik på engelska")),
                (
                    "level",
                    models.CharField(
                        choices=[
                            ("NORMAL", "Normalt läge"),
                            ("HEIGHTENED", "Höjt läge"),
                            ("INTENSIFIED", "Intensifierat läge"),
                        ],
                        default="INTENSIFIED",
                        max_length=20,
                        verbose_name="läge",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[("ACTIVE", "Pågår"), ("ENDED", "Avslutat")],
                        default="ACTIVE",
                        editable=False,
                        max_length=20,
                        verbose_name="status",
                    ),
                ),
                ("started_at", models.DateTimeField(verbose_name="började")),
                ("ended_at", models.DateTimeField(blank=True, editable=False, null=True, verbose_name="avslutades")),
                ("background", models.TextField(blank=True, max_length=5000, verbose_name="bakgrund")),
                ("background_en", models.TextField(blank=True, max_length=5000, verbose_name="bakgrund på engelska")),
                (
                    "limits_text",
                    models.TextField(
                        blank=True,
                        help_text="Till exempel: att ingripa mot pågående brott är Polisens uppgift.",
                        max_length=3000,
                        verbose_name="vad kommunen inte kan göra",
                    ),
                ),
                (
                    "limits_text_en",
                    models.TextField(
                        blank=True, max_length=3000, verbose_name="vad kommunen inte kan göra, på engelska"
                    ),
                ),
                ("closing_text", models.TextField(blank=True, max_length=5000, verbose_name="avslutande text")),
                (
                    "closing_text_en",
                    models.TextField(blank=True, max_length=5000, verbose_name="avslutande text på engelska"),
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
                "verbose_name": "historical insats",
                "verbose_name_plural": "historical insatser",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
                "indexes": [],
                "constraints": [],
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="Response",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "published_at",
                    models.DateTimeField(blank=True, editable=False, null=True, verbose_name="publicerad"),
                ),
                (
                    "withdrawn_at",
                    models.DateTimeField(blank=True, editable=False, null=True, verbose_name="avpublicerad"),
                ),
                ("revision", models.PositiveIntegerField(default=0, editable=False)),
                ("slug", models.SlugField(max_length=80, unique=True, verbose_name="adress")),
                ("title", models.CharField(max_length=140, verbose_name="rubrik")),
                ("title_en", models.CharField(blank=True, max_length=140, verbose_name="rubrik på engelska")),
                (
                    "level",
                    models.CharField(
                        choices=[
                            ("NORMAL", "Normalt läge"),
                            ("HEIGHTENED", "Höjt läge"),
                            ("INTENSIFIED", "Intensifierat läge"),
                        ],
                        default="INTENSIFIED",
                        max_length=20,
                        verbose_name="läge",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[("ACTIVE", "Pågår"), ("ENDED", "Avslutat")],
                        default="ACTIVE",
                        editable=False,
                        max_length=20,
                        verbose_name="status",
                    ),
                ),
                ("started_at", models.DateTimeField(verbose_name="började")),
                ("ended_at", models.DateTimeField(blank=True, editable=False, null=True, verbose_name="avslutades")),
                ("background", models.TextField(blank=True, max_length=5000, verbose_name="bakgrund")),
                ("background_en", models.TextField(blank=True, max_length=5000, verbose_name="bakgrund på engelska")),
                (
                    "limits_text",
                    models.TextField(
                        blank=True,
                        help_text="Till exempel: att ingripa mot pågående brott är Polisens uppgift.",
                        max_length=3000,
                        verbose_name="vad kommunen inte kan göra",
                    ),
                ),
                (
                    "limits_text_en",
                    models.TextField(
                        blank=True, max_length=3000, verbose_name="vad kommunen inte kan göra, på engelska"
                    ),
                ),
                ("closing_text", models.TextField(blank=True, max_length=5000, verbose_name="avslutande text")),
                (
                    "closing_text_en",
                    models.TextField(blank=True, max_length=5000, verbose_name="avslutande text på engelska"),
                ),
                (
                    "events",
                    models.ManyToManyField(
                        blank=True, related_name="responses", to="incidents.seriousevent", verbose_name="händelser"
                    ),
                ),
            ],
            options={
                "verbose_name": "insats",
                "verbose_name_plural": "insatser",
                "ordering": ["-started_at", "-id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("level__in", ["NORMAL", "HEIGHTENED", "INTENSIFIED"])),
                        name="incidents_response_level",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["ACTIVE", "ENDED"])), name="incidents_response_state"
                    ),
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="SteeringDecision",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "published_at",
                    models.DateTimeField(blank=True, editable=False, null=True, verbose_name="publicerad"),
                ),
                (
                    "withdrawn_at",
                    models.DateTimeField(blank=True, editable=False, null=True, verbose_name="avpublicerad"),
                ),
                ("revision", models.PositiveIntegerField(default=0, editable=False)),
                (
                    "response",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="decisions",
                        to="incidents.response",
                        verbose_name="insats",
                    ),
                ),
                ("number", models.CharField(editable=False, max_length=20, verbose_name="nummer")),
                ("version", models.PositiveSmallIntegerField(default=1, editable=False, verbose_name="version")),
                (
                    "replaces",
                    models.OneToOneField(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="replaced_by",
                        to="incidents.steeringdecision",
                    ),
                ),
                (
                    "urgency",
                    models.CharField(
                        choices=[("ACUTE", "Akut"), ("NORMAL", "Ordinarie")],
                        default="ACUTE",
                        max_length=10,
                        verbose_name="slag av beslut",
                    ),
                ),
                ("aim", models.TextField(blank=True, max_length=1000, verbose_name="mål")),
                ("aim_en", models.TextField(blank=True, max_length=1000, verbose_name="mål på engelska")),
                (
                    "formal_basis",
                    models.TextField(
                        blank=True,
                        help_text="Vad som ger rätt att besluta, till exempel kommunstyrelsens instruktion till kommundirektören (kommunallagen 7 kap. 1–2 §§).",
                        max_length=500,
                        verbose_name="formell grund",
                    ),
                ),
                ("decided_at", models.DateTimeField(blank=True, editable=False, null=True, verbose_name="beslutat")),
                (
                    "decided_by_function",
                    models.CharField(blank=True, editable=False, max_length=120, verbose_name="beslutat av"),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("DRAFT", "Utkast"),
                            ("DECIDED", "Beslutat"),
                            ("IN_FORCE", "Gäller"),
                            ("FOLLOWED_UP", "Uppföljt"),
                            ("ENDED", "Avslutat"),
                            ("REVISED", "Ersatt av ny version"),
                        ],
                        default="DRAFT",
                        editable=False,
                        max_length=20,
                        verbose_name="status",
                    ),
                ),
                ("review_on", models.DateField(blank=True, null=True, verbose_name="omprövas senast")),
                ("diary_number", models.CharField(blank=True, max_length=40, verbose_name="diarienummer")),
                ("followed_up_at", models.DateTimeField(blank=True, editable=False, null=True)),
                ("ended_at", models.DateTimeField(blank=True, editable=False, null=True)),
                (
                    "closing_text",
                    models.TextField(blank=True, max_length=3000, verbose_name="avslutande text till invånarna"),
                ),
                (
                    "closing_text_en",
                    models.TextField(blank=True, max_length=3000, verbose_name="avslutande text på engelska"),
                ),
            ],
            options={
                "verbose_name": "inriktningsbeslut",
                "verbose_name_plural": "inriktningsbeslut",
                "ordering": ["-decided_at", "-id"],
                "constraints": [
                    models.UniqueConstraint(fields=("number", "version"), name="incidents_decision_number"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["DRAFT", "DECIDED", "IN_FORCE", "FOLLOWED_UP", "ENDED", "REVISED"])
                        ),
                        name="incidents_decision_state",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("urgency__in", ["ACUTE", "NORMAL"])), name="incidents_decision_urgency"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state", "DRAFT"), ("decided_at__isnull", False), _connector="OR"),
                        name="incidents_decision_has_its_day",
                    ),
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="HistoricalSteeringDecision",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                (
                    "published_at",
                    models.DateTimeField(blank=True, editable=False, null=True, verbose_name="publicerad"),
                ),
                (
                    "withdrawn_at",
                    models.DateTimeField(blank=True, editable=False, null=True, verbose_name="avpublicerad"),
                ),
                ("revision", models.PositiveIntegerField(default=0, editable=False)),
                ("number", models.CharField(editable=False, max_length=20, verbose_name="nummer")),
                ("version", models.PositiveSmallIntegerField(default=1, editable=False, verbose_name="version")),
                (
                    "urgency",
                    models.CharField(
                        choices=[("ACUTE", "Akut"), ("NORMAL", "Ordinarie")],
                        default="ACUTE",
                        max_length=10,
                        verbose_name="slag av beslut",
                    ),
                ),
                ("aim", models.TextField(blank=True, max_length=1000, verbose_name="mål")),
                ("aim_en", models.TextField(blank=True, max_length=1000, verbose_name="mål på engelska")),
                (
                    "formal_basis",
                    models.TextField(
                        blank=True,
                        help_text="Vad som ger rätt att besluta, till exempel kommunstyrelsens instruktion till kommundirektören (kommunallagen 7 kap. 1–2 §§).",
                        max_length=500,
                        verbose_name="formell grund",
                    ),
                ),
                ("decided_at", models.DateTimeField(blank=True, editable=False, null=True, verbose_name="beslutat")),
                (
                    "decided_by_function",
                    models.CharField(blank=True, editable=False, max_length=120, verbose_name="beslutat av"),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("DRAFT", "Utkast"),
                            ("DECIDED", "Beslutat"),
                            ("IN_FORCE", "Gäller"),
                            ("FOLLOWED_UP", "Uppföljt"),
                            ("ENDED", "Avslutat"),
                            ("REVISED", "Ersatt av ny version"),
                        ],
                        default="DRAFT",
                        editable=False,
                        max_length=20,
                        verbose_name="status",
                    ),
                ),
                ("review_on", models.DateField(blank=True, null=True, verbose_name="omprövas senast")),
                ("diary_number", models.CharField(blank=True, max_length=40, verbose_name="diarienummer")),
                ("followed_up_at", models.DateTimeField(blank=True, editable=False, null=True)),
                ("ended_at", models.DateTimeField(blank=True, editable=False, null=True)),
                (
                    "closing_text",
                    models.TextField(blank=True, max_length=3000, verbose_name="avslutande text till invånarna"),
                ),
                (
                    "closing_text_en",
                    models.TextField(blank=True, max_length=3000, verbose_name="avslutande text på engelska"),
                ),
                (
                    "response",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="incidents.response",
                        verbose_name="insats",
                    ),
                ),
                (
                    "replaces",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="incidents.steeringdecision",
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
                "verbose_name": "historical inriktningsbeslut",
                "verbose_name_plural": "historical inriktningsbeslut",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
                "indexes": [],
                "constraints": [],
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="DirectionPoint",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "decision",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="points",
                        to="incidents.steeringdecision",
                    ),
                ),
                ("order", models.PositiveSmallIntegerField(verbose_name="ordning")),
                ("text", models.TextField(max_length=600, verbose_name="inriktning")),
                ("text_en", models.TextField(blank=True, max_length=600, verbose_name="inriktning på engelska")),
                ("is_public", models.BooleanField(default=True, verbose_name="visas för invånarna")),
                ("no_assignment", models.BooleanField(default=False, verbose_name="inget uppdrag")),
                (
                    "no_assignment_reason",
                    models.CharField(blank=True, max_length=300, verbose_name="varför inget uppdrag"),
                ),
                (
                    "replaces",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="replaced_by",
                        to="incidents.directionpoint",
                    ),
                ),
            ],
            options={
                "verbose_name": "inriktningspunkt",
                "verbose_name_plural": "inriktningspunkter",
                "ordering": ["order", "id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("no_assignment", False),
                            models.Q(("no_assignment_reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="incidents_point_says_why_none",
                    )
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="Approach",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "decision",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="approaches",
                        to="incidents.steeringdecision",
                    ),
                ),
                ("order", models.PositiveSmallIntegerField(verbose_name="ordning")),
                ("text", models.TextField(max_length=600, verbose_name="förhållningssätt")),
                ("text_en", models.TextField(blank=True, max_length=600, verbose_name="förhållningssätt på engelska")),
                ("is_public", models.BooleanField(default=True, verbose_name="visas för invånarna")),
            ],
            options={
                "verbose_name": "förhållningssätt",
                "verbose_name_plural": "förhållningssätt",
                "ordering": ["order", "id"],
                "indexes": [],
                "constraints": [],
            },
        ),
        migrations.CreateModel(
            name="HistoricalAssignment",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                ("order", models.PositiveSmallIntegerField(editable=False, verbose_name="nummer")),
                ("title", models.CharField(max_length=140, verbose_name="rubrik")),
                ("instruction", models.TextField(max_length=4000, verbose_name="uppdrag")),
                ("due_at", models.DateTimeField(verbose_name="återrapport senast")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("DRAFT", "Utkast"),
                            ("ISSUED", "Utfärdat"),
                            ("ACKNOWLEDGED", "Mottaget"),
                            ("REPORTED", "Återrapporterat"),
                            ("RETURNED", "Komplettera"),
                            ("ACCEPTED", "Godkänt"),
                            ("CANCELLED", "Utgår"),
                        ],
                        default="DRAFT",
                        editable=False,
                        max_length=20,
                        verbose_name="status",
                    ),
                ),
                ("is_public", models.BooleanField(default=False, verbose_name="visas för invånarna")),
                ("public_text", models.TextField(blank=True, max_length=1000, verbose_name="text till invånarna")),
                (
                    "public_text_en",
                    models.TextField(blank=True, max_length=1000, verbose_name="text till invånarna på engelska"),
                ),
                ("issued_at", models.DateTimeField(blank=True, editable=False, null=True)),
                ("ladder_from", models.DateTimeField(blank=True, editable=False, null=True)),
                ("acknowledged_at", models.DateTimeField(blank=True, editable=False, null=True)),
                ("reported_at", models.DateTimeField(blank=True, editable=False, null=True)),
                ("accepted_at", models.DateTimeField(blank=True, editable=False, null=True)),
                ("closing_reason", models.TextField(blank=True, editable=False, max_length=1000)),
                ("exception_reason", models.TextField(blank=True, editable=False, max_length=1000)),
                ("cancelled_reason", models.TextField(blank=True, editable=False, max_length=1000)),
                ("revision", models.PositiveIntegerField(default=0, editable=False)),
                (
                    "decision",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="incidents.steeringdecision",
                        verbose_name="beslut",
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
                        verbose_name="ansvarig",
                    ),
                ),
                (
                    "officer",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="handläggare",
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
                "verbose_name": "historical uppdrag",
                "verbose_name_plural": "historical uppdrag",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
                "indexes": [],
                "constraints": [],
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="Assignment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "decision",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="assignments",
                        to="incidents.steeringdecision",
                        verbose_name="beslut",
                    ),
                ),
                ("order", models.PositiveSmallIntegerField(editable=False, verbose_name="nummer")),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="assignments",
                        to="accounts.organisation",
                        verbose_name="ansvarig",
                    ),
                ),
                (
                    "officer",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="assignments_handled",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="handläggare",
                    ),
                ),
                ("title", models.CharField(max_length=140, verbose_name="rubrik")),
                ("instruction", models.TextField(max_length=4000, verbose_name="uppdrag")),
                ("due_at", models.DateTimeField(verbose_name="återrapport senast")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("DRAFT", "Utkast"),
                            ("ISSUED", "Utfärdat"),
                            ("ACKNOWLEDGED", "Mottaget"),
                            ("REPORTED", "Återrapporterat"),
                            ("RETURNED", "Komplettera"),
                            ("ACCEPTED", "Godkänt"),
                            ("CANCELLED", "Utgår"),
                        ],
                        default="DRAFT",
                        editable=False,
                        max_length=20,
                        verbose_name="status",
                    ),
                ),
                ("is_public", models.BooleanField(default=False, verbose_name="visas för invånarna")),
                ("public_text", models.TextField(blank=True, max_length=1000, verbose_name="text till invånarna")),
                (
                    "public_text_en",
                    models.TextField(blank=True, max_length=1000, verbose_name="text till invånarna på engelska"),
                ),
                ("issued_at", models.DateTimeField(blank=True, editable=False, null=True)),
                ("ladder_from", models.DateTimeField(blank=True, editable=False, null=True)),
                ("acknowledged_at", models.DateTimeField(blank=True, editable=False, null=True)),
                ("reported_at", models.DateTimeField(blank=True, editable=False, null=True)),
                ("accepted_at", models.DateTimeField(blank=True, editable=False, null=True)),
                ("closing_reason", models.TextField(blank=True, editable=False, max_length=1000)),
                ("exception_reason", models.TextField(blank=True, editable=False, max_length=1000)),
                ("cancelled_reason", models.TextField(blank=True, editable=False, max_length=1000)),
                ("revision", models.PositiveIntegerField(default=0, editable=False)),
                (
                    "points",
                    models.ManyToManyField(
                        related_name="assignments", to="incidents.directionpoint", verbose_name="inriktningspunkter"
                    ),
                ),
            ],
            options={
                "verbose_name": "uppdrag",
                "verbose_name_plural": "uppdrag",
                "ordering": ["due_at", "order", "id"],
                "indexes": [models.Index(fields=["state", "due_at"], name="incidents_assignment_due")],
                "constraints": [
                    models.UniqueConstraint(fields=("decision", "order"), name="incidents_assignment_number"),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "state__in",
                                ["DRAFT", "ISSUED", "ACKNOWLEDGED", "REPORTED", "RETURNED", "ACCEPTED", "CANCELLED"],
                            )
                        ),
                        name="incidents_assignment_state",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["DRAFT", "CANCELLED"]),
                            models.Q(("issued_at__isnull", False), ("ladder_from__isnull", False)),
                            _connector="OR",
                        ),
                        name="incidents_assignment_issued",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "CANCELLED"), _negated=True),
                            models.Q(("cancelled_reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="incidents_assignment_cancelled_says_why",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RevisionChoice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "decision",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="revision_choices",
                        to="incidents.steeringdecision",
                    ),
                ),
                (
                    "assignment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="revision_choices",
                        to="incidents.assignment",
                    ),
                ),
                (
                    "choice",
                    models.CharField(
                        choices=[("KEEP", "Behåll som det är"), ("MOVE", "Behåll med ny dag"), ("CANCEL", "Ta bort")],
                        max_length=10,
                        verbose_name="vad händer med uppdraget",
                    ),
                ),
                ("new_due_at", models.DateTimeField(blank=True, null=True, verbose_name="ny dag")),
                ("reason", models.CharField(blank=True, max_length=300, verbose_name="skäl")),
            ],
            options={
                "verbose_name": "val vid revidering",
                "verbose_name_plural": "val vid revidering",
                "ordering": ["assignment__order", "id"],
                "constraints": [
                    models.UniqueConstraint(fields=("decision", "assignment"), name="incidents_revision_choice_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("choice", "MOVE"), _negated=True), ("new_due_at__isnull", False), _connector="OR"
                        ),
                        name="incidents_revision_move_has_day",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("choice", "KEEP"), models.Q(("reason", ""), _negated=True), _connector="OR"
                        ),
                        name="incidents_revision_choice_says_why",
                    ),
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="DueChange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "assignment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="due_changes",
                        to="incidents.assignment",
                    ),
                ),
                ("old_due_at", models.DateTimeField()),
                ("new_due_at", models.DateTimeField()),
                (
                    "cause",
                    models.CharField(
                        choices=[
                            ("GRANTED", "Mer tid beviljad"),
                            ("RETURNED", "Återrapporten ska kompletteras"),
                            ("CONTINUED", "Arbetet fortsätter"),
                            ("REVISED", "Beslutet reviderades"),
                            ("MOVED", "Dagen flyttades"),
                        ],
                        max_length=20,
                    ),
                ),
                ("reason", models.TextField(max_length=1000)),
                ("changed_at", models.DateTimeField()),
                ("by_function", models.CharField(max_length=120)),
            ],
            options={
                "verbose_name": "flyttad dag",
                "verbose_name_plural": "flyttade dagar",
                "ordering": ["changed_at", "id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True), name="incidents_due_change_says_why"
                    )
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="ProgressNote",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "assignment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="progress_notes",
                        to="incidents.assignment",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.organisation"
                    ),
                ),
                (
                    "how_far",
                    models.CharField(
                        choices=[
                            ("STARTED", "Påbörjat"),
                            ("HALFWAY", "Ungefär halvvägs"),
                            ("NEARLY", "Nästan klart"),
                            ("STUCK", "Står still"),
                        ],
                        max_length=20,
                        verbose_name="hur långt",
                    ),
                ),
                ("text", models.CharField(blank=True, max_length=300, verbose_name="vad")),
                ("noted_at", models.DateTimeField()),
                ("by_function", models.CharField(max_length=120)),
            ],
            options={
                "verbose_name": "lägesnotering",
                "verbose_name_plural": "lägesnoteringar",
                "ordering": ["-noted_at", "-id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("how_far__in", ["STARTED", "HALFWAY", "NEARLY", "STUCK"])),
                        name="incidents_progress_how_far",
                    )
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="AssignmentRequest",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "assignment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="requests", to="incidents.assignment"
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.organisation"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("MORE_TIME", "Ber om mer tid"), ("DECLINE", "Avböjer")],
                        max_length=20,
                        verbose_name="begäran",
                    ),
                ),
                ("reason", models.TextField(max_length=1000, verbose_name="skäl")),
                ("proposed_due_at", models.DateTimeField(blank=True, null=True, verbose_name="föreslagen dag")),
                (
                    "proposed_organisation",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.organisation",
                        verbose_name="vem bör ha uppdraget",
                    ),
                ),
                ("asked_at", models.DateTimeField()),
                ("asked_by_function", models.CharField(max_length=120)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("OPEN", "Väntar på svar"),
                            ("GRANTED", "Beviljad"),
                            ("REFUSED", "Avslagen"),
                            ("WITHDRAWN", "Återtagen"),
                        ],
                        default="OPEN",
                        editable=False,
                        max_length=20,
                    ),
                ),
                ("answer", models.TextField(blank=True, max_length=1000, verbose_name="svar")),
                ("answered_at", models.DateTimeField(blank=True, null=True)),
                ("answered_by_function", models.CharField(blank=True, max_length=120)),
                ("revision", models.PositiveIntegerField(default=0, editable=False)),
            ],
            options={
                "verbose_name": "begäran",
                "verbose_name_plural": "begäranden",
                "ordering": ["-asked_at", "-id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["OPEN", "GRANTED", "REFUSED", "WITHDRAWN"])),
                        name="incidents_request_state",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["MORE_TIME", "DECLINE"])), name="incidents_request_kind"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "MORE_TIME"), _negated=True),
                            ("proposed_due_at__isnull", False),
                            _connector="OR",
                        ),
                        name="incidents_request_time_names_day",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "DECLINE"), _negated=True),
                            ("proposed_organisation__isnull", False),
                            _connector="OR",
                        ),
                        name="incidents_request_decline_names_other",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "OPEN")),
                        fields=("assignment",),
                        name="incidents_request_one_open",
                    ),
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="ReportBack",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "published_at",
                    models.DateTimeField(blank=True, editable=False, null=True, verbose_name="publicerad"),
                ),
                (
                    "withdrawn_at",
                    models.DateTimeField(blank=True, editable=False, null=True, verbose_name="avpublicerad"),
                ),
                ("revision", models.PositiveIntegerField(default=0, editable=False)),
                (
                    "assignment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="reports", to="incidents.assignment"
                    ),
                ),
                ("version", models.PositiveSmallIntegerField(editable=False)),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("DONE", "Klart"),
                            ("ONGOING", "Pågår enligt plan"),
                            ("PARTLY", "Delvis gjort"),
                            ("NOT_DONE", "Inte gjort"),
                        ],
                        max_length=20,
                        verbose_name="hur gick det",
                    ),
                ),
                ("done_text", models.TextField(blank=True, max_length=5000, verbose_name="vad har gjorts")),
                ("obstacles", models.TextField(blank=True, max_length=3000, verbose_name="vad har hindrat")),
                ("resources", models.TextField(blank=True, max_length=3000, verbose_name="vilka resurser behövs")),
                ("next_step", models.TextField(blank=True, max_length=3000, verbose_name="nästa steg")),
                (
                    "off_track_reason",
                    models.TextField(blank=True, max_length=2000, verbose_name="varför är det inte klart"),
                ),
                ("public_text", models.TextField(blank=True, max_length=2000, verbose_name="text till invånarna")),
                (
                    "public_text_en",
                    models.TextField(blank=True, max_length=2000, verbose_name="text till invånarna på engelska"),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("DRAFT", "Utkast"),
                            ("SUBMITTED", "Inlämnad"),
                            ("ACCEPTED", "Godkänd"),
                            ("RETURNED", "Åter för komplettering"),
                            ("REPLACED", "Ersatt av ny version"),
                        ],
                        default="DRAFT",
                        editable=False,
                        max_length=20,
                    ),
                ),
                ("saved_at", models.DateTimeField(blank=True, editable=False, null=True)),
                ("submitted_at", models.DateTimeField(blank=True, editable=False, null=True)),
                (
                    "submitted_by",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("submitted_by_function", models.CharField(blank=True, editable=False, max_length=120)),
                ("secrecy_checked_at", models.DateTimeField(blank=True, editable=False, null=True)),
                ("secrecy_checked_by_function", models.CharField(blank=True, editable=False, max_length=120)),
                ("diary_number", models.CharField(blank=True, max_length=40, verbose_name="diarienummer")),
                ("answer", models.TextField(blank=True, editable=False, max_length=2000, verbose_name="svar")),
                ("answered_at", models.DateTimeField(blank=True, editable=False, null=True)),
                ("answered_by_function", models.CharField(blank=True, editable=False, max_length=120)),
            ],
            options={
                "verbose_name": "återrapport",
                "verbose_name_plural": "återrapporter",
                "ordering": ["assignment", "-version"],
                "constraints": [
                    models.UniqueConstraint(fields=("assignment", "version"), name="incidents_report_version"),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "DRAFT")),
                        fields=("assignment",),
                        name="incidents_report_one_draft",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "SUBMITTED")),
                        fields=("assignment",),
                        name="incidents_report_one_waiting",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["DRAFT", "SUBMITTED", "ACCEPTED", "RETURNED", "REPLACED"])),
                        name="incidents_report_state",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state", "DRAFT"),
                            models.Q(("secrecy_checked_at__isnull", False), ("submitted_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="incidents_report_submitted",
                    ),
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="DraftShare",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "report",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="shares",
                        to="incidents.reportback",
                    ),
                ),
                (
                    "decision",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="shares",
                        to="incidents.steeringdecision",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="shared_drafts",
                        to="accounts.organisation",
                    ),
                ),
                ("snapshot", models.JSONField()),
                ("shared_at", models.DateTimeField()),
                (
                    "shared_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("shared_by_function", models.CharField(max_length=120)),
            ],
            options={
                "verbose_name": "delat utkast",
                "verbose_name_plural": "delade utkast",
                "ordering": ["-shared_at", "-id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("decision__isnull", True), ("report__isnull", False)),
                            models.Q(("decision__isnull", False), ("report__isnull", True)),
                            _connector="OR",
                        ),
                        name="incidents_share_one_subject",
                    )
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="HistoricalContactPoint",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                (
                    "published_at",
                    models.DateTimeField(blank=True, editable=False, null=True, verbose_name="publicerad"),
                ),
                (
                    "withdrawn_at",
                    models.DateTimeField(blank=True, editable=False, null=True, verbose_name="avpublicerad"),
                ),
                ("revision", models.PositiveIntegerField(default=0, editable=False)),
                ("name", models.CharField(max_length=120, verbose_name="namn")),
                ("name_en", models.CharField(blank=True, max_length=120, verbose_name="namn på engelska")),
                (
                    "audience",
                    models.CharField(
                        choices=[("PUBLIC", "Allmänheten"), ("STAFF", "Egen personal")],
                        default="PUBLIC",
                        max_length=10,
                        verbose_name="för vem",
                    ),
                ),
                ("phone", models.CharField(blank=True, max_length=30, verbose_name="telefon")),
                ("email", models.EmailField(blank=True, max_length=254, verbose_name="e-post")),
                ("place", models.CharField(blank=True, max_length=160, verbose_name="besöksplats")),
                ("what_for", models.TextField(max_length=1000, verbose_name="vad du kan få hjälp med")),
                (
                    "what_for_en",
                    models.TextField(blank=True, max_length=1000, verbose_name="vad du kan få hjälp med, på engelska"),
                ),
                ("not_for", models.TextField(blank=True, max_length=1000, verbose_name="vad den inte är till för")),
                (
                    "not_for_en",
                    models.TextField(
                        blank=True, max_length=1000, verbose_name="vad den inte är till för, på engelska"
                    ),
                ),
                ("always_open", models.BooleanField(default=False, verbose_name="öppet dygnet runt")),
                ("order", models.PositiveSmallIntegerField(default=100, verbose_name="ordning")),
                (
                    "response",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="incidents.response",
                        verbose_name="insats",
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
                "verbose_name": "historical kontaktpunkt",
                "verbose_name_plural": "historical kontaktpunkter",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
                "indexes": [],
                "constraints": [],
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="ContactPoint",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "published_at",
                    models.DateTimeField(blank=True, editable=False, null=True, verbose_name="publicerad"),
                ),
                (
                    "withdrawn_at",
                    models.DateTimeField(blank=True, editable=False, null=True, verbose_name="avpublicerad"),
                ),
                ("revision", models.PositiveIntegerField(default=0, editable=False)),
                ("name", models.CharField(max_length=120, verbose_name="namn")),
                ("name_en", models.CharField(blank=True, max_length=120, verbose_name="namn på engelska")),
                (
                    "audience",
                    models.CharField(
                        choices=[("PUBLIC", "Allmänheten"), ("STAFF", "Egen personal")],
                        default="PUBLIC",
                        max_length=10,
                        verbose_name="för vem",
                    ),
                ),
                ("phone", models.CharField(blank=True, max_length=30, verbose_name="telefon")),
                ("email", models.EmailField(blank=True, max_length=254, verbose_name="e-post")),
                ("place", models.CharField(blank=True, max_length=160, verbose_name="besöksplats")),
                ("what_for", models.TextField(max_length=1000, verbose_name="vad du kan få hjälp med")),
                (
                    "what_for_en",
                    models.TextField(blank=True, max_length=1000, verbose_name="vad du kan få hjälp med, på engelska"),
                ),
                ("not_for", models.TextField(blank=True, max_length=1000, verbose_name="vad den inte är till för")),
                (
                    "not_for_en",
                    models.TextField(
                        blank=True, max_length=1000, verbose_name="vad den inte är till för, på engelska"
                    ),
                ),
                (
                    "response",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="contact_points",
                        to="incidents.response",
                        verbose_name="insats",
                    ),
                ),
                ("always_open", models.BooleanField(default=False, verbose_name="öppet dygnet runt")),
                ("order", models.PositiveSmallIntegerField(default=100, verbose_name="ordning")),
            ],
            options={
                "verbose_name": "kontaktpunkt",
                "verbose_name_plural": "kontaktpunkter",
                "ordering": ["order", "name", "id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("audience__in", ["PUBLIC", "STAFF"])), name="incidents_contact_audience"
                    )
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="OpeningHours",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "contact_point",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="hours", to="incidents.contactpoint"
                    ),
                ),
                (
                    "weekday",
                    models.PositiveSmallIntegerField(
                        choices=[
                            (0, "måndag"),
                            (1, "tisdag"),
                            (2, "onsdag"),
                            (3, "torsdag"),
                            (4, "fredag"),
                            (5, "lördag"),
                            (6, "söndag"),
                        ],
                        verbose_name="veckodag",
                    ),
                ),
                ("opens", models.TimeField(verbose_name="öppnar")),
                ("closes", models.TimeField(verbose_name="stänger")),
            ],
            options={
                "verbose_name": "öppettid",
                "verbose_name_plural": "öppettider",
                "ordering": ["weekday", "opens"],
                "constraints": [
                    models.UniqueConstraint(fields=("contact_point", "weekday", "opens"), name="incidents_hours_once"),
                    models.CheckConstraint(condition=models.Q(("weekday__lte", 6)), name="incidents_hours_weekday"),
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="OpeningException",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "contact_point",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="exceptions",
                        to="incidents.contactpoint",
                    ),
                ),
                ("date", models.DateField(verbose_name="datum")),
                ("is_closed", models.BooleanField(default=False, verbose_name="stängt")),
                ("opens", models.TimeField(blank=True, null=True, verbose_name="öppnar")),
                ("closes", models.TimeField(blank=True, null=True, verbose_name="stänger")),
                ("note", models.CharField(blank=True, max_length=120, verbose_name="förklaring")),
            ],
            options={
                "verbose_name": "avvikande öppettid",
                "verbose_name_plural": "avvikande öppettider",
                "ordering": ["date", "opens"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("closes__isnull", True), ("is_closed", True), ("opens__isnull", True)),
                            models.Q(("closes__isnull", False), ("is_closed", False), ("opens__isnull", False)),
                            _connector="OR",
                        ),
                        name="incidents_exception_hours",
                    ),
                    models.UniqueConstraint(
                        fields=("contact_point", "date", "opens"), name="incidents_exception_once"
                    ),
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="HistoricalMeeting",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                (
                    "published_at",
                    models.DateTimeField(blank=True, editable=False, null=True, verbose_name="publicerad"),
                ),
                (
                    "withdrawn_at",
                    models.DateTimeField(blank=True, editable=False, null=True, verbose_name="avpublicerad"),
                ),
                ("revision", models.PositiveIntegerField(default=0, editable=False)),
                (
                    "confirmed_by_police",
                    models.BooleanField(default=False, editable=False, verbose_name="bekräftad av Polisen"),
                ),
                (
                    "confirmed_at",
                    models.DateTimeField(blank=True, editable=False, null=True, verbose_name="bekräftad"),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("KEY_FUNCTIONS", "Nyckelfunktioner"),
                            ("POLICE", "Möte med Polisen"),
                            ("STEERING", "Styrgrupp"),
                            ("OPERATIVE_TEAM", "Operativt trygghetsteam"),
                            ("STRATEGIC_COUNCIL", "Strategiskt råd"),
                            ("OTHER", "Annat möte"),
                        ],
                        max_length=20,
                        verbose_name="slag",
                    ),
                ),
                ("title", models.CharField(max_length=140, verbose_name="rubrik")),
                ("held_at", models.DateTimeField(verbose_name="tid")),
                ("place", models.CharField(blank=True, max_length=120, verbose_name="plats")),
                ("agenda", models.TextField(blank=True, max_length=3000, verbose_name="dagordning")),
                ("notes", models.TextField(blank=True, max_length=10000, verbose_name="minnesanteckningar")),
                (
                    "outcome_public",
                    models.TextField(blank=True, max_length=3000, verbose_name="vad vi kom fram till, för invånarna"),
                ),
                (
                    "outcome_public_en",
                    models.TextField(blank=True, max_length=3000, verbose_name="vad vi kom fram till, på engelska"),
                ),
                (
                    "minutes_state",
                    models.CharField(
                        choices=[
                            ("PLANNED", "Planerat"),
                            ("DRAFT", "Anteckningar skrivs"),
                            ("APPROVED", "Anteckningar godkända"),
                        ],
                        default="PLANNED",
                        editable=False,
                        max_length=20,
                        verbose_name="anteckningar",
                    ),
                ),
                (
                    "about_police",
                    models.BooleanField(default=False, editable=False, verbose_name="handlar om Polisen"),
                ),
                ("diary_number", models.CharField(blank=True, max_length=40, verbose_name="diarienummer")),
                (
                    "confirmed_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "response",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="incidents.response",
                        verbose_name="insats",
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
                "verbose_name": "historical möte",
                "verbose_name_plural": "historical möten",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
                "indexes": [],
                "constraints": [],
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="Meeting",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "published_at",
                    models.DateTimeField(blank=True, editable=False, null=True, verbose_name="publicerad"),
                ),
                (
                    "withdrawn_at",
                    models.DateTimeField(blank=True, editable=False, null=True, verbose_name="avpublicerad"),
                ),
                ("revision", models.PositiveIntegerField(default=0, editable=False)),
                (
                    "confirmed_by_police",
                    models.BooleanField(default=False, editable=False, verbose_name="bekräftad av Polisen"),
                ),
                (
                    "confirmed_at",
                    models.DateTimeField(blank=True, editable=False, null=True, verbose_name="bekräftad"),
                ),
                (
                    "confirmed_by",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("KEY_FUNCTIONS", "Nyckelfunktioner"),
                            ("POLICE", "Möte med Polisen"),
                            ("STEERING", "Styrgrupp"),
                            ("OPERATIVE_TEAM", "Operativt trygghetsteam"),
                            ("STRATEGIC_COUNCIL", "Strategiskt råd"),
                            ("OTHER", "Annat möte"),
                        ],
                        max_length=20,
                        verbose_name="slag",
                    ),
                ),
                (
                    "response",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="meetings",
                        to="incidents.response",
                        verbose_name="insats",
                    ),
                ),
                ("title", models.CharField(max_length=140, verbose_name="rubrik")),
                ("held_at", models.DateTimeField(verbose_name="tid")),
                ("place", models.CharField(blank=True, max_length=120, verbose_name="plats")),
                ("agenda", models.TextField(blank=True, max_length=3000, verbose_name="dagordning")),
                ("notes", models.TextField(blank=True, max_length=10000, verbose_name="minnesanteckningar")),
                (
                    "outcome_public",
                    models.TextField(blank=True, max_length=3000, verbose_name="vad vi kom fram till, för invånarna"),
                ),
                (
                    "outcome_public_en",
                    models.TextField(blank=True, max_length=3000, verbose_name="vad vi kom fram till, på engelska"),
                ),
                (
                    "minutes_state",
                    models.CharField(
                        choices=[
                            ("PLANNED", "Planerat"),
                            ("DRAFT", "Anteckningar skrivs"),
                            ("APPROVED", "Anteckningar godkända"),
                        ],
                        default="PLANNED",
                        editable=False,
                        max_length=20,
                        verbose_name="anteckningar",
                    ),
                ),
                (
                    "about_police",
                    models.BooleanField(default=False, editable=False, verbose_name="handlar om Polisen"),
                ),
                ("diary_number", models.CharField(blank=True, max_length=40, verbose_name="diarienummer")),
                (
                    "functions_present",
                    models.ManyToManyField(
                        blank=True,
                        related_name="meetings",
                        to="accounts.function",
                        verbose_name="deltagande funktioner",
                    ),
                ),
            ],
            options={
                "verbose_name": "möte",
                "verbose_name_plural": "möten",
                "ordering": ["-held_at", "-id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "kind__in",
                                [
                                    "KEY_FUNCTIONS",
                                    "POLICE",
                                    "STEERING",
                                    "OPERATIVE_TEAM",
                                    "STRATEGIC_COUNCIL",
                                    "OTHER",
                                ],
                            )
                        ),
                        name="incidents_meeting_kind",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("minutes_state__in", ["PLANNED", "DRAFT", "APPROVED"])),
                        name="incidents_meeting_minutes",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "POLICE"), _negated=True), ("about_police", True), _connector="OR"
                        ),
                        name="incidents_meeting_police",
                    ),
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="HistoricalConvening",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                ("meeting_at", models.DateTimeField(verbose_name="mötestid")),
                ("place", models.CharField(max_length=120, verbose_name="plats")),
                ("purpose", models.TextField(max_length=1000, verbose_name="vad mötet gäller")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("DRAFT", "Utkast"),
                            ("CALLED", "Kallelse skickad"),
                            ("HELD", "Genomfört"),
                            ("CANCELLED", "Inställt"),
                        ],
                        default="DRAFT",
                        editable=False,
                        max_length=20,
                        verbose_name="status",
                    ),
                ),
                ("called_at", models.DateTimeField(blank=True, editable=False, null=True)),
                ("called_by_function", models.CharField(blank=True, editable=False, max_length=120)),
                ("cancelled_at", models.DateTimeField(blank=True, editable=False, null=True)),
                ("revision", models.PositiveIntegerField(default=0, editable=False)),
                (
                    "response",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="incidents.response",
                        verbose_name="insats",
                    ),
                ),
                (
                    "meeting",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="incidents.meeting",
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
                "verbose_name": "historical sammankallning",
                "verbose_name_plural": "historical sammankallningar",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
                "indexes": [],
                "constraints": [],
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="Convening",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "response",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="convenings",
                        to="incidents.response",
                        verbose_name="insats",
                    ),
                ),
                ("meeting_at", models.DateTimeField(verbose_name="mötestid")),
                ("place", models.CharField(max_length=120, verbose_name="plats")),
                ("purpose", models.TextField(max_length=1000, verbose_name="vad mötet gäller")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("DRAFT", "Utkast"),
                            ("CALLED", "Kallelse skickad"),
                            ("HELD", "Genomfört"),
                            ("CANCELLED", "Inställt"),
                        ],
                        default="DRAFT",
                        editable=False,
                        max_length=20,
                        verbose_name="status",
                    ),
                ),
                ("called_at", models.DateTimeField(blank=True, editable=False, null=True)),
                ("called_by_function", models.CharField(blank=True, editable=False, max_length=120)),
                ("cancelled_at", models.DateTimeField(blank=True, editable=False, null=True)),
                (
                    "meeting",
                    models.OneToOneField(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="convening",
                        to="incidents.meeting",
                    ),
                ),
                ("revision", models.PositiveIntegerField(default=0, editable=False)),
                (
                    "functions",
                    models.ManyToManyField(
                        related_name="convenings", to="accounts.function", verbose_name="kallade funktioner"
                    ),
                ),
            ],
            options={
                "verbose_name": "sammankallning",
                "verbose_name_plural": "sammankallningar",
                "ordering": ["-meeting_at", "-id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["DRAFT", "CALLED", "HELD", "CANCELLED"])),
                        name="incidents_convening_state",
                    )
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="Directive",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "response",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="directives", to="incidents.response"
                    ),
                ),
                (
                    "meeting",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="directives",
                        to="incidents.meeting",
                        verbose_name="möte",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="directives",
                        to="accounts.organisation",
                        verbose_name="till",
                    ),
                ),
                ("text", models.TextField(max_length=1000, verbose_name="direktiv")),
                ("given_at", models.DateTimeField()),
                ("given_by_function", models.CharField(max_length=120)),
                (
                    "state",
                    models.CharField(
                        choices=[("GIVEN", "Givet"), ("DONE", "Klart"), ("CANCELLED", "Utgår")],
                        default="GIVEN",
                        editable=False,
                        max_length=20,
                    ),
                ),
                ("revision", models.PositiveIntegerField(default=0, editable=False)),
            ],
            options={
                "verbose_name": "direktiv",
                "verbose_name_plural": "direktiv",
                "ordering": ["given_at", "id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["GIVEN", "DONE", "CANCELLED"])),
                        name="incidents_directive_state",
                    )
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="StatusReport",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "response",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="status_reports",
                        to="incidents.response",
                        verbose_name="insats",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="status_reports",
                        to="accounts.organisation",
                        verbose_name="från",
                    ),
                ),
                ("text", models.TextField(max_length=4000, verbose_name="lägesrapport")),
                (
                    "state",
                    models.CharField(
                        choices=[("DRAFT", "Utkast"), ("SUBMITTED", "Inlämnad")],
                        default="DRAFT",
                        editable=False,
                        max_length=20,
                        verbose_name="status",
                    ),
                ),
                ("reported_at", models.DateTimeField(blank=True, editable=False, null=True)),
                ("reported_by_function", models.CharField(blank=True, editable=False, max_length=120)),
                ("revision", models.PositiveIntegerField(default=0, editable=False)),
            ],
            options={
                "verbose_name": "lägesrapport",
                "verbose_name_plural": "lägesrapporter",
                "ordering": ["-reported_at", "-id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["DRAFT", "SUBMITTED"])), name="incidents_status_report_state"
                    )
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="OpenQuestion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "response",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="open_questions",
                        to="incidents.response",
                    ),
                ),
                ("text", models.TextField(max_length=600, verbose_name="fråga")),
                (
                    "raised_at_meeting",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="questions_raised",
                        to="incidents.meeting",
                        verbose_name="väckt på mötet",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[("OPEN", "Öppen"), ("ANSWERED", "Besvarad")],
                        default="OPEN",
                        editable=False,
                        max_length=20,
                    ),
                ),
                ("answer", models.TextField(blank=True, max_length=2000, verbose_name="svar")),
                (
                    "answered_at_meeting",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="questions_answered",
                        to="incidents.meeting",
                    ),
                ),
                ("revision", models.PositiveIntegerField(default=0, editable=False)),
            ],
            options={
                "verbose_name": "öppen fråga",
                "verbose_name_plural": "öppna frågor",
                "ordering": ["id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["OPEN", "ANSWERED"])), name="incidents_question_state"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state", "OPEN"), models.Q(("answer", ""), _negated=True), _connector="OR"
                        ),
                        name="incidents_question_answer",
                    ),
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="QuestionHandling",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "question",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="handlings",
                        to="incidents.openquestion",
                    ),
                ),
                (
                    "meeting",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="question_handlings",
                        to="incidents.meeting",
                    ),
                ),
                ("note", models.TextField(blank=True, max_length=1000, verbose_name="vad som sades")),
            ],
            options={
                "verbose_name": "behandlad fråga",
                "verbose_name_plural": "behandlade frågor",
                "ordering": ["question_id", "meeting__held_at"],
                "constraints": [
                    models.UniqueConstraint(fields=("question", "meeting"), name="incidents_question_once_per_meeting")
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="HistoricalPoliceUndertaking",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                (
                    "published_at",
                    models.DateTimeField(blank=True, editable=False, null=True, verbose_name="publicerad"),
                ),
                (
                    "withdrawn_at",
                    models.DateTimeField(blank=True, editable=False, null=True, verbose_name="avpublicerad"),
                ),
                ("revision", models.PositiveIntegerField(default=0, editable=False)),
                (
                    "confirmed_by_police",
                    models.BooleanField(default=False, editable=False, verbose_name="bekräftad av Polisen"),
                ),
                (
                    "confirmed_at",
                    models.DateTimeField(blank=True, editable=False, null=True, verbose_name="bekräftad"),
                ),
                ("text", models.TextField(max_length=600, verbose_name="Polisen gör")),
                ("text_en", models.TextField(blank=True, max_length=600, verbose_name="Polisen gör, på engelska")),
                ("from_when", models.CharField(blank=True, max_length=60, verbose_name="från när")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("PLANNED", "Planerad"),
                            ("ONGOING", "Pågår"),
                            ("DONE", "Genomförd"),
                            ("WITHDRAWN", "Utgår"),
                        ],
                        default="PLANNED",
                        editable=False,
                        max_length=20,
                        verbose_name="status",
                    ),
                ),
                (
                    "confirmed_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "response",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="incidents.response",
                    ),
                ),
                (
                    "meeting",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="incidents.meeting",
                        verbose_name="möte",
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
                "verbose_name": "historical Polisens åtagande",
                "verbose_name_plural": "historical Polisens åtaganden",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
                "indexes": [],
                "constraints": [],
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="PoliceUndertaking",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "published_at",
                    models.DateTimeField(blank=True, editable=False, null=True, verbose_name="publicerad"),
                ),
                (
                    "withdrawn_at",
                    models.DateTimeField(blank=True, editable=False, null=True, verbose_name="avpublicerad"),
                ),
                ("revision", models.PositiveIntegerField(default=0, editable=False)),
                (
                    "confirmed_by_police",
                    models.BooleanField(default=False, editable=False, verbose_name="bekräftad av Polisen"),
                ),
                (
                    "confirmed_at",
                    models.DateTimeField(blank=True, editable=False, null=True, verbose_name="bekräftad"),
                ),
                (
                    "confirmed_by",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "response",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="police_undertakings",
                        to="incidents.response",
                    ),
                ),
                (
                    "meeting",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="undertakings",
                        to="incidents.meeting",
                        verbose_name="möte",
                    ),
                ),
                ("text", models.TextField(max_length=600, verbose_name="Polisen gör")),
                ("text_en", models.TextField(blank=True, max_length=600, verbose_name="Polisen gör, på engelska")),
                ("from_when", models.CharField(blank=True, max_length=60, verbose_name="från när")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("PLANNED", "Planerad"),
                            ("ONGOING", "Pågår"),
                            ("DONE", "Genomförd"),
                            ("WITHDRAWN", "Utgår"),
                        ],
                        default="PLANNED",
                        editable=False,
                        max_length=20,
                        verbose_name="status",
                    ),
                ),
            ],
            options={
                "verbose_name": "Polisens åtagande",
                "verbose_name_plural": "Polisens åtaganden",
                "ordering": ["id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["PLANNED", "ONGOING", "DONE", "WITHDRAWN"])),
                        name="incidents_undertaking_state",
                    )
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="Picture",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("alt", models.CharField(max_length=250, verbose_name="bildbeskrivning")),
                ("alt_en", models.CharField(blank=True, max_length=250, verbose_name="bildbeskrivning på engelska")),
                ("credit", models.CharField(blank=True, max_length=120, verbose_name="bildkälla")),
                ("sizes", models.JSONField(default=list, editable=False)),
                ("added_at", models.DateTimeField(editable=False)),
            ],
            options={
                "verbose_name": "bild",
                "verbose_name_plural": "bilder",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("alt", ""), _negated=True), name="incidents_picture_has_alt"
                    )
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="HistoricalPublicUpdate",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                (
                    "published_at",
                    models.DateTimeField(blank=True, editable=False, null=True, verbose_name="publicerad"),
                ),
                (
                    "withdrawn_at",
                    models.DateTimeField(blank=True, editable=False, null=True, verbose_name="avpublicerad"),
                ),
                ("revision", models.PositiveIntegerField(default=0, editable=False)),
                (
                    "confirmed_by_police",
                    models.BooleanField(default=False, editable=False, verbose_name="bekräftad av Polisen"),
                ),
                (
                    "confirmed_at",
                    models.DateTimeField(blank=True, editable=False, null=True, verbose_name="bekräftad"),
                ),
                ("slug", models.SlugField(max_length=90, verbose_name="adress")),
                ("title", models.CharField(max_length=140, verbose_name="rubrik")),
                ("title_en", models.CharField(blank=True, max_length=140, verbose_name="rubrik på engelska")),
                ("lead", models.TextField(max_length=400, verbose_name="ingress")),
                ("lead_en", models.TextField(blank=True, max_length=400, verbose_name="ingress på engelska")),
                ("body", models.TextField(blank=True, max_length=20000, verbose_name="text")),
                ("body_en", models.TextField(blank=True, max_length=20000, verbose_name="text på engelska")),
                (
                    "about_police",
                    models.BooleanField(
                        default=False,
                        help_text="Då måste Polisen bekräfta texten innan den kan visas.",
                        verbose_name="handlar om vad Polisen gör",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("DRAFT", "Utkast"),
                            ("APPROVED", "Godkänd, väntar på publicering"),
                            ("PUBLISHED", "Publicerad"),
                            ("WITHDRAWN", "Avpublicerad"),
                            ("SUPERSEDED", "Ersatt av ny version"),
                        ],
                        default="DRAFT",
                        editable=False,
                        max_length=20,
                        verbose_name="status",
                    ),
                ),
                ("approved_at", models.DateTimeField(blank=True, editable=False, null=True)),
                ("approved_by_function", models.CharField(blank=True, editable=False, max_length=120)),
                (
                    "publish_at",
                    models.DateTimeField(
                        blank=True,
                        help_text="Lämna tomt för att publicera genast.",
                        null=True,
                        verbose_name="publiceras",
                    ),
                ),
                (
                    "announced_for",
                    models.DateTimeField(
                        blank=True,
                        help_text="Om ni har sagt när den kommer. Är den inte ute då får kommunikatören en påminnelse.",
                        null=True,
                        verbose_name="utlovad till",
                    ),
                ),
                ("withdrawn_reason", models.CharField(blank=True, editable=False, max_length=300)),
                (
                    "confirmed_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "response",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="incidents.response",
                        verbose_name="insats",
                    ),
                ),
                (
                    "picture",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="incidents.picture",
                        verbose_name="bild",
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
                "verbose_name": "historical nyhet",
                "verbose_name_plural": "historical nyheter",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
                "indexes": [],
                "constraints": [],
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="PublicUpdate",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "published_at",
                    models.DateTimeField(blank=True, editable=False, null=True, verbose_name="publicerad"),
                ),
                (
                    "withdrawn_at",
                    models.DateTimeField(blank=True, editable=False, null=True, verbose_name="avpublicerad"),
                ),
                ("revision", models.PositiveIntegerField(default=0, editable=False)),
                (
                    "confirmed_by_police",
                    models.BooleanField(default=False, editable=False, verbose_name="bekräftad av Polisen"),
                ),
                (
                    "confirmed_at",
                    models.DateTimeField(blank=True, editable=False, null=True, verbose_name="bekräftad"),
                ),
                (
                    "confirmed_by",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "response",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="updates",
                        to="incidents.response",
                        verbose_name="insats",
                    ),
                ),
                ("slug", models.SlugField(max_length=90, unique=True, verbose_name="adress")),
                ("title", models.CharField(max_length=140, verbose_name="rubrik")),
                ("title_en", models.CharField(blank=True, max_length=140, verbose_name="rubrik på engelska")),
                ("lead", models.TextField(max_length=400, verbose_name="ingress")),
                ("lead_en", models.TextField(blank=True, max_length=400, verbose_name="ingress på engelska")),
                ("body", models.TextField(blank=True, max_length=20000, verbose_name="text")),
                ("body_en", models.TextField(blank=True, max_length=20000, verbose_name="text på engelska")),
                (
                    "picture",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="incidents.picture",
                        verbose_name="bild",
                    ),
                ),
                (
                    "about_police",
                    models.BooleanField(
                        default=False,
                        help_text="Då måste Polisen bekräfta texten innan den kan visas.",
                        verbose_name="handlar om vad Polisen gör",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("DRAFT", "Utkast"),
                            ("APPROVED", "Godkänd, väntar på publicering"),
                            ("PUBLISHED", "Publicerad"),
                            ("WITHDRAWN", "Avpublicerad"),
                            ("SUPERSEDED", "Ersatt av ny version"),
                        ],
                        default="DRAFT",
                        editable=False,
                        max_length=20,
                        verbose_name="status",
                    ),
                ),
                ("approved_at", models.DateTimeField(blank=True, editable=False, null=True)),
                ("approved_by_function", models.CharField(blank=True, editable=False, max_length=120)),
                (
                    "publish_at",
                    models.DateTimeField(
                        blank=True,
                        help_text="Lämna tomt för att publicera genast.",
                        null=True,
                        verbose_name="publiceras",
                    ),
                ),
                (
                    "announced_for",
                    models.DateTimeField(
                        blank=True,
                        help_text="Om ni har sagt när den kommer. Är den inte ute då får kommunikatören en påminnelse.",
                        null=True,
                        verbose_name="utlovad till",
                    ),
                ),
                ("withdrawn_reason", models.CharField(blank=True, editable=False, max_length=300)),
            ],
            options={
                "verbose_name": "nyhet",
                "verbose_name_plural": "nyheter",
                "ordering": ["-published_at", "-id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["DRAFT", "APPROVED", "PUBLISHED", "WITHDRAWN", "SUPERSEDED"])
                        ),
                        name="incidents_update_state",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "PUBLISHED"), _negated=True),
                            ("published_at__isnull", False),
                            _connector="OR",
                        ),
                        name="incidents_update_published",
                    ),
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="HistoricalActionPackage",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                (
                    "published_at",
                    models.DateTimeField(blank=True, editable=False, null=True, verbose_name="publicerad"),
                ),
                (
                    "withdrawn_at",
                    models.DateTimeField(blank=True, editable=False, null=True, verbose_name="avpublicerad"),
                ),
                ("revision", models.PositiveIntegerField(default=0, editable=False)),
                ("version", models.PositiveSmallIntegerField(default=1, editable=False)),
                ("title", models.CharField(max_length=140, verbose_name="rubrik")),
                ("title_en", models.CharField(blank=True, max_length=140, verbose_name="rubrik på engelska")),
                ("lead", models.TextField(blank=True, max_length=1000, verbose_name="ingress")),
                ("lead_en", models.TextField(blank=True, max_length=1000, verbose_name="ingress på engelska")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("DRAFT", "Utkast"),
                            ("APPROVED", "Godkänd, väntar på publicering"),
                            ("PUBLISHED", "Publicerad"),
                            ("WITHDRAWN", "Avpublicerad"),
                            ("SUPERSEDED", "Ersatt av ny version"),
                        ],
                        default="DRAFT",
                        editable=False,
                        max_length=20,
                        verbose_name="status",
                    ),
                ),
                ("approved_at", models.DateTimeField(blank=True, editable=False, null=True)),
                ("approved_by_function", models.CharField(blank=True, editable=False, max_length=120)),
                (
                    "publish_at",
                    models.DateTimeField(
                        blank=True,
                        help_text="Lämna tomt för att publicera genast.",
                        null=True,
                        verbose_name="publiceras",
                    ),
                ),
                ("announced_for", models.DateTimeField(blank=True, null=True, verbose_name="utlovat till")),
                ("withdrawn_reason", models.CharField(blank=True, editable=False, max_length=300)),
                (
                    "response",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="incidents.response",
                        verbose_name="insats",
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
                "verbose_name": "historical åtgärdspaket",
                "verbose_name_plural": "historical åtgärdspaket",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
                "indexes": [],
                "constraints": [],
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="ActionPackage",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "published_at",
                    models.DateTimeField(blank=True, editable=False, null=True, verbose_name="publicerad"),
                ),
                (
                    "withdrawn_at",
                    models.DateTimeField(blank=True, editable=False, null=True, verbose_name="avpublicerad"),
                ),
                ("revision", models.PositiveIntegerField(default=0, editable=False)),
                (
                    "response",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="packages",
                        to="incidents.response",
                        verbose_name="insats",
                    ),
                ),
                ("version", models.PositiveSmallIntegerField(default=1, editable=False)),
                ("title", models.CharField(max_length=140, verbose_name="rubrik")),
                ("title_en", models.CharField(blank=True, max_length=140, verbose_name="rubrik på engelska")),
                ("lead", models.TextField(blank=True, max_length=1000, verbose_name="ingress")),
                ("lead_en", models.TextField(blank=True, max_length=1000, verbose_name="ingress på engelska")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("DRAFT", "Utkast"),
                            ("APPROVED", "Godkänd, väntar på publicering"),
                            ("PUBLISHED", "Publicerad"),
                            ("WITHDRAWN", "Avpublicerad"),
                            ("SUPERSEDED", "Ersatt av ny version"),
                        ],
                        default="DRAFT",
                        editable=False,
                        max_length=20,
                        verbose_name="status",
                    ),
                ),
                ("approved_at", models.DateTimeField(blank=True, editable=False, null=True)),
                ("approved_by_function", models.CharField(blank=True, editable=False, max_length=120)),
                (
                    "publish_at",
                    models.DateTimeField(
                        blank=True,
                        help_text="Lämna tomt för att publicera genast.",
                        null=True,
                        verbose_name="publiceras",
                    ),
                ),
                ("announced_for", models.DateTimeField(blank=True, null=True, verbose_name="utlovat till")),
                ("withdrawn_reason", models.CharField(blank=True, editable=False, max_length=300)),
            ],
            options={
                "verbose_name": "åtgärdspaket",
                "verbose_name_plural": "åtgärdspaket",
                "ordering": ["-version", "-id"],
                "constraints": [
                    models.UniqueConstraint(fields=("response", "version"), name="incidents_package_version"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["DRAFT", "APPROVED", "PUBLISHED", "WITHDRAWN", "SUPERSEDED"])
                        ),
                        name="incidents_package_state",
                    ),
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="PackageItem",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "published_at",
                    models.DateTimeField(blank=True, editable=False, null=True, verbose_name="publicerad"),
                ),
                (
                    "withdrawn_at",
                    models.DateTimeField(blank=True, editable=False, null=True, verbose_name="avpublicerad"),
                ),
                ("revision", models.PositiveIntegerField(default=0, editable=False)),
                (
                    "confirmed_by_police",
                    models.BooleanField(default=False, editable=False, verbose_name="bekräftad av Polisen"),
                ),
                (
                    "confirmed_at",
                    models.DateTimeField(blank=True, editable=False, null=True, verbose_name="bekräftad"),
                ),
                (
                    "confirmed_by",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "package",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="items", to="incidents.actionpackage"
                    ),
                ),
                ("order", models.PositiveSmallIntegerField(verbose_name="ordning")),
                ("what", models.TextField(max_length=600, verbose_name="vad")),
                ("what_en", models.TextField(blank=True, max_length=600, verbose_name="vad, på engelska")),
                (
                    "organisation",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.organisation",
                        verbose_name="vem",
                    ),
                ),
                ("from_when", models.CharField(blank=True, max_length=60, verbose_name="från när")),
                (
                    "horizon",
                    models.CharField(
                        choices=[("SHORT", "Kort sikt"), ("LONG", "Lång sikt")],
                        default="SHORT",
                        max_length=10,
                        verbose_name="sikt",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("PLANNED", "Planerad"),
                            ("ONGOING", "Pågår"),
                            ("DONE", "Genomförd"),
                            ("WITHDRAWN", "Utgår"),
                        ],
                        default="PLANNED",
                        editable=False,
                        max_length=20,
                        verbose_name="status",
                    ),
                ),
                (
                    "assignment",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="package_items",
                        to="incidents.assignment",
                        verbose_name="uppdrag",
                    ),
                ),
                ("about_police", models.BooleanField(default=False, verbose_name="handlar om vad Polisen gör")),
            ],
            options={
                "verbose_name": "åtgärd i paketet",
                "verbose_name_plural": "åtgärder i paketet",
                "ordering": ["order", "id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["PLANNED", "ONGOING", "DONE", "WITHDRAWN"])),
                        name="incidents_item_state",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("horizon__in", ["SHORT", "LONG"])), name="incidents_item_horizon"
                    ),
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="HistoricalReinforcement",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                (
                    "published_at",
                    models.DateTimeField(blank=True, editable=False, null=True, verbose_name="publicerad"),
                ),
                (
                    "withdrawn_at",
                    models.DateTimeField(blank=True, editable=False, null=True, verbose_name="avpublicerad"),
                ),
                ("revision", models.PositiveIntegerField(default=0, editable=False)),
                (
                    "confirmed_by_police",
                    models.BooleanField(default=False, editable=False, verbose_name="bekräftad av Polisen"),
                ),
                (
                    "confirmed_at",
                    models.DateTimeField(blank=True, editable=False, null=True, verbose_name="bekräftad"),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("OUTDOOR", "I yttre tjänst"), ("INVESTIGATION", "Utredning"), ("OTHER", "Annat")],
                        default="OUTDOOR",
                        max_length=20,
                        verbose_name="slag",
                    ),
                ),
                ("from_year", models.PositiveSmallIntegerField(verbose_name="från år")),
                ("from_week", models.PositiveSmallIntegerField(verbose_name="från vecka")),
                ("to_year", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="till år")),
                ("to_week", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="till vecka")),
                ("total", models.PositiveSmallIntegerField(verbose_name="antal")),
                ("based_locally", models.PositiveSmallIntegerField(default=0, verbose_name="varav stationerade här")),
                ("public_note", models.TextField(blank=True, max_length=600, verbose_name="text till invånarna")),
                (
                    "public_note_en",
                    models.TextField(blank=True, max_length=600, verbose_name="text till invånarna på engelska"),
                ),
                (
                    "confirmed_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "response",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="incidents.response",
                        verbose_name="insats",
                    ),
                ),
                (
                    "provider",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="accounts.organisation",
                        verbose_name="vem förstärker",
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
                "verbose_name": "historical förstärkning",
                "verbose_name_plural": "historical förstärkningar",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
                "indexes": [],
                "constraints": [],
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="Reinforcement",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "published_at",
                    models.DateTimeField(blank=True, editable=False, null=True, verbose_name="publicerad"),
                ),
                (
                    "withdrawn_at",
                    models.DateTimeField(blank=True, editable=False, null=True, verbose_name="avpublicerad"),
                ),
                ("revision", models.PositiveIntegerField(default=0, editable=False)),
                (
                    "confirmed_by_police",
                    models.BooleanField(default=False, editable=False, verbose_name="bekräftad av Polisen"),
                ),
                (
                    "confirmed_at",
                    models.DateTimeField(blank=True, editable=False, null=True, verbose_name="bekräftad"),
                ),
                (
                    "confirmed_by",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "response",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reinforcements",
                        to="incidents.response",
                        verbose_name="insats",
                    ),
                ),
                (
                    "provider",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reinforcements",
                        to="accounts.organisation",
                        verbose_name="vem förstärker",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("OUTDOOR", "I yttre tjänst"), ("INVESTIGATION", "Utredning"), ("OTHER", "Annat")],
                        default="OUTDOOR",
                        max_length=20,
                        verbose_name="slag",
                    ),
                ),
                ("from_year", models.PositiveSmallIntegerField(verbose_name="från år")),
                ("from_week", models.PositiveSmallIntegerField(verbose_name="från vecka")),
                ("to_year", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="till år")),
                ("to_week", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="till vecka")),
                ("total", models.PositiveSmallIntegerField(verbose_name="antal")),
                ("based_locally", models.PositiveSmallIntegerField(default=0, verbose_name="varav stationerade här")),
                ("public_note", models.TextField(blank=True, max_length=600, verbose_name="text till invånarna")),
                (
                    "public_note_en",
                    models.TextField(blank=True, max_length=600, verbose_name="text till invånarna på engelska"),
                ),
            ],
            options={
                "verbose_name": "förstärkning",
                "verbose_name_plural": "förstärkningar",
                "ordering": ["-from_year", "-from_week", "-id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("total__gte", models.F("based_locally"))),
                        name="incidents_reinforcement_part",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("from_week__gte", 1),
                            ("from_week__lte", 53),
                            models.Q(
                                ("to_week", None), models.Q(("to_week__gte", 1), ("to_week__lte", 53)), _connector="OR"
                            ),
                        ),
                        name="incidents_reinforcement_weeks",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("to_week", None), ("to_year", None)),
                            ("to_year__gt", models.F("from_year")),
                            models.Q(("to_week__gte", models.F("from_week")), ("to_year", models.F("from_year"))),
                            _connector="OR",
                        ),
                        name="incidents_reinforcement_order",
                    ),
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="Correction",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "update",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="corrections",
                        to="incidents.publicupdate",
                    ),
                ),
                (
                    "response",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="corrections",
                        to="incidents.response",
                    ),
                ),
                (
                    "package",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="corrections",
                        to="incidents.actionpackage",
                    ),
                ),
                ("text", models.CharField(max_length=300, verbose_name="vad som rättades")),
                (
                    "text_en",
                    models.CharField(blank=True, max_length=300, verbose_name="vad som rättades, på engelska"),
                ),
                ("corrected_at", models.DateTimeField()),
                ("by_function", models.CharField(max_length=120)),
            ],
            options={
                "verbose_name": "rättelse",
                "verbose_name_plural": "rättelser",
                "ordering": ["-corrected_at", "-id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("package__isnull", True), ("response__isnull", True), ("update__isnull", False)),
                            models.Q(("package__isnull", True), ("response__isnull", False), ("update__isnull", True)),
                            models.Q(("package__isnull", False), ("response__isnull", True), ("update__isnull", True)),
                            _connector="OR",
                        ),
                        name="incidents_correction_one_subject",
                    )
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="HistoricalStaffMessage",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                (
                    "published_at",
                    models.DateTimeField(blank=True, editable=False, null=True, verbose_name="publicerad"),
                ),
                (
                    "withdrawn_at",
                    models.DateTimeField(blank=True, editable=False, null=True, verbose_name="avpublicerad"),
                ),
                ("revision", models.PositiveIntegerField(default=0, editable=False)),
                ("title", models.CharField(max_length=140, verbose_name="rubrik")),
                ("body", models.TextField(max_length=5000, verbose_name="text")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("DRAFT", "Utkast"),
                            ("APPROVED", "Godkänd, väntar på publicering"),
                            ("PUBLISHED", "Publicerad"),
                            ("WITHDRAWN", "Avpublicerad"),
                            ("SUPERSEDED", "Ersatt av ny version"),
                        ],
                        default="DRAFT",
                        editable=False,
                        max_length=20,
                        verbose_name="status",
                    ),
                ),
                (
                    "response",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="incidents.response",
                        verbose_name="insats",
                    ),
                ),
                (
                    "written_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
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
                "verbose_name": "historical meddelande till personalen",
                "verbose_name_plural": "historical meddelanden till personalen",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
                "indexes": [],
                "constraints": [],
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="StaffMessage",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "published_at",
                    models.DateTimeField(blank=True, editable=False, null=True, verbose_name="publicerad"),
                ),
                (
                    "withdrawn_at",
                    models.DateTimeField(blank=True, editable=False, null=True, verbose_name="avpublicerad"),
                ),
                ("revision", models.PositiveIntegerField(default=0, editable=False)),
                (
                    "response",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="staff_messages",
                        to="incidents.response",
                        verbose_name="insats",
                    ),
                ),
                ("title", models.CharField(max_length=140, verbose_name="rubrik")),
                ("body", models.TextField(max_length=5000, verbose_name="text")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("DRAFT", "Utkast"),
                            ("APPROVED", "Godkänd, väntar på publicering"),
                            ("PUBLISHED", "Publicerad"),
                            ("WITHDRAWN", "Avpublicerad"),
                            ("SUPERSEDED", "Ersatt av ny version"),
                        ],
                        default="DRAFT",
                        editable=False,
                        max_length=20,
                        verbose_name="status",
                    ),
                ),
                (
                    "written_by",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "meddelande till personalen",
                "verbose_name_plural": "meddelanden till personalen",
                "ordering": ["-published_at", "-id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["DRAFT", "APPROVED", "PUBLISHED", "WITHDRAWN", "SUPERSEDED"])
                        ),
                        name="incidents_staff_message_state",
                    )
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="HistoricalFollowUpRound",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                (
                    "published_at",
                    models.DateTimeField(blank=True, editable=False, null=True, verbose_name="publicerad"),
                ),
                (
                    "withdrawn_at",
                    models.DateTimeField(blank=True, editable=False, null=True, verbose_name="avpublicerad"),
                ),
                ("revision", models.PositiveIntegerField(default=0, editable=False)),
                ("held_at", models.DateTimeField(verbose_name="tid")),
                (
                    "state",
                    models.CharField(
                        choices=[("PLANNED", "Planerad"), ("ONGOING", "Pågår"), ("CLOSED", "Avslutad")],
                        default="PLANNED",
                        editable=False,
                        max_length=20,
                        verbose_name="status",
                    ),
                ),
                ("closed_at", models.DateTimeField(blank=True, editable=False, null=True)),
                (
                    "minutes",
                    models.TextField(blank=True, editable=False, max_length=20000, verbose_name="minnesanteckningar"),
                ),
                ("summary_public", models.TextField(blank=True, max_length=3000, verbose_name="text till invånarna")),
                (
                    "summary_public_en",
                    models.TextField(blank=True, max_length=3000, verbose_name="text till invånarna på engelska"),
                ),
                ("diary_number", models.CharField(blank=True, max_length=40, verbose_name="diarienummer")),
                (
                    "decision",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="incidents.steeringdecision",
                        verbose_name="beslut",
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
                "verbose_name": "historical avstämning",
                "verbose_name_plural": "historical avstämningar",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
                "indexes": [],
                "constraints": [],
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="FollowUpRound",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "published_at",
                    models.DateTimeField(blank=True, editable=False, null=True, verbose_name="publicerad"),
                ),
                (
                    "withdrawn_at",
                    models.DateTimeField(blank=True, editable=False, null=True, verbose_name="avpublicerad"),
                ),
                ("revision", models.PositiveIntegerField(default=0, editable=False)),
                (
                    "decision",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="rounds",
                        to="incidents.steeringdecision",
                        verbose_name="beslut",
                    ),
                ),
                ("held_at", models.DateTimeField(verbose_name="tid")),
                (
                    "state",
                    models.CharField(
                        choices=[("PLANNED", "Planerad"), ("ONGOING", "Pågår"), ("CLOSED", "Avslutad")],
                        default="PLANNED",
                        editable=False,
                        max_length=20,
                        verbose_name="status",
                    ),
                ),
                ("closed_at", models.DateTimeField(blank=True, editable=False, null=True)),
                (
                    "minutes",
                    models.TextField(blank=True, editable=False, max_length=20000, verbose_name="minnesanteckningar"),
                ),
                ("summary_public", models.TextField(blank=True, max_length=3000, verbose_name="text till invånarna")),
                (
                    "summary_public_en",
                    models.TextField(blank=True, max_length=3000, verbose_name="text till invånarna på engelska"),
                ),
                ("diary_number", models.CharField(blank=True, max_length=40, verbose_name="diarienummer")),
                (
                    "functions_present",
                    models.ManyToManyField(
                        blank=True, related_name="+", to="accounts.function", verbose_name="närvarande funktioner"
                    ),
                ),
            ],
            options={
                "verbose_name": "avstämning",
                "verbose_name_plural": "avstämningar",
                "ordering": ["-held_at", "-id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["PLANNED", "ONGOING", "CLOSED"])),
                        name="incidents_round_state",
                    )
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="RoundItem",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "round",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="items", to="incidents.followupround"
                    ),
                ),
                (
                    "assignment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="round_items",
                        to="incidents.assignment",
                    ),
                ),
                ("order", models.PositiveSmallIntegerField()),
                (
                    "result",
                    models.CharField(
                        choices=[
                            ("WAITING", "Inte genomgånget"),
                            ("ACCEPTED", "Godkänt"),
                            ("CONTINUED", "Godkänt, arbetet fortsätter"),
                            ("RETURNED", "Ska kompletteras"),
                            ("NO_REPORT", "Ingen återrapport fanns"),
                            ("EXCEPTED", "Undantag antecknat"),
                            ("EARLIER", "Godkänt tidigare"),
                        ],
                        default="WAITING",
                        max_length=20,
                    ),
                ),
                ("note", models.TextField(blank=True, max_length=1000, verbose_name="anteckning")),
            ],
            options={
                "verbose_name": "genomgånget uppdrag",
                "verbose_name_plural": "genomgångna uppdrag",
                "ordering": ["order", "id"],
                "constraints": [
                    models.UniqueConstraint(fields=("round", "assignment"), name="incidents_round_item_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "result__in",
                                ["WAITING", "ACCEPTED", "CONTINUED", "RETURNED", "NO_REPORT", "EXCEPTED", "EARLIER"],
                            )
                        ),
                        name="incidents_round_item_result",
                    ),
                ],
                "indexes": [],
            },
        ),
    ]
