"""Matching profiles, what they chose, and the counter of their changes."""

import base.clock
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('members', '0010_organisations_are_folded'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='MarketState',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveBigIntegerField(default=0)),
            ],
            options={
                'verbose_name': 'state of the market',
                'verbose_name_plural': 'state of the market',
            },
        ),
        migrations.CreateModel(
            name='MatchingProfile',
            fields=[
                ('organisation', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='matching', serialize=False, to='members.organisation')),
                ('looking_for', models.TextField(blank=True, max_length=1200, verbose_name='looking for')),
                ('offering', models.TextField(blank=True, max_length=1200, verbose_name='offering')),
                ('language', models.CharField(blank=True, max_length=16, verbose_name='language')),
                ('starts_on', models.DateField(blank=True, null=True, verbose_name='from')),
                ('ends_on', models.DateField(blank=True, null=True, verbose_name='until')),
                ('budget', models.CharField(blank=True, choices=[('xs', 'Less than 5,000 €'), ('s', '5,000 to 25,000 €'), ('m', '25,000 to 100,000 €'), ('l', '100,000 to 500,000 €'), ('xl', 'More than 500,000 €')], max_length=4, verbose_name='budget')),
                ('weekly', models.PositiveSmallIntegerField(default=5)),
                ('made_at', models.DateTimeField(default=base.clock.now, editable=False)),
                ('changed_at', models.DateTimeField(default=base.clock.now)),
                ('expires_at', models.DateTimeField()),
                ('reminded_at', models.DateTimeField(null=True)),
                ('version', models.PositiveBigIntegerField(db_index=True, default=0)),
                ('contact', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='matching_profiles', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'matching profile',
                'verbose_name_plural': 'matching profiles',
                'ordering': ('pk',),
            },
        ),
        migrations.CreateModel(
            name='Choice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('facet', models.CharField(choices=[('sector', 'Sectors'), ('offer', 'What you offer'), ('need', 'What you look for'), ('wanted', 'Countries you look in'), ('excluded', 'Countries you leave out'), ('language', 'Languages you can work in'), ('size', 'Sizes of partners')], max_length=12)),
                ('code', models.CharField(max_length=16)),
                ('is_private', models.BooleanField(default=False)),
                ('profile', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='choices', to='matchmaking.matchingprofile')),
            ],
            options={
                'ordering': ('id',),
            },
        ),
        migrations.AddIndex(
            model_name='matchingprofile',
            index=models.Index(fields=['expires_at'], name='matching_by_end'),
        ),
        migrations.AddConstraint(
            model_name='matchingprofile',
            constraint=models.CheckConstraint(condition=models.Q(('budget__in', ['', 'xs', 's', 'm', 'l', 'xl'])), name='matching_budget_is_known'),
        ),
        migrations.AddConstraint(
            model_name='matchingprofile',
            constraint=models.CheckConstraint(condition=models.Q(('weekly__lte', 20)), name='matching_weekly_is_bounded'),
        ),
        migrations.AddConstraint(
            model_name='matchingprofile',
            constraint=models.CheckConstraint(condition=models.Q(('starts_on', None), ('ends_on', None), ('ends_on__gte', models.F('starts_on')), _connector='OR'), name='matching_ends_after_start'),
        ),
        migrations.AddConstraint(
            model_name='choice',
            constraint=models.UniqueConstraint(fields=('profile', 'facet', 'code'), name='matching_choice_once'),
        ),
        migrations.AddConstraint(
            model_name='choice',
            constraint=models.CheckConstraint(condition=models.Q(('facet__in', ['sector', 'offer', 'need', 'wanted', 'excluded', 'language', 'size'])), name='matching_facet_is_known'),
        ),
        migrations.AddConstraint(
            model_name='choice',
            constraint=models.CheckConstraint(condition=models.Q(('is_private', False), ('facet', 'need'), _connector='OR'), name='matching_only_needs_are_private'),
        ),
    ]
