"""Notices, their deliveries and mailings, what members prefer, browsers that take push."""

import base.clock
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('members', '0002_consents'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Mailing',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('at_once', 'At once'), ('digest', 'Digest')], max_length=7)),
                ('made_at', models.DateTimeField(default=base.clock.now)),
                ('handed_at', models.DateTimeField(null=True)),
                ('sent_at', models.DateTimeField(null=True)),
                ('member', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='Notice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=40)),
                ('key', models.CharField(max_length=80)),
                ('group', models.CharField(max_length=80)),
                ('subject', models.BigIntegerField()),
                ('data', models.JSONField(default=dict)),
                ('at', models.DateTimeField()),
                ('on_page', models.BooleanField(default=True)),
                ('read_at', models.DateTimeField(null=True)),
                ('dismissed_at', models.DateTimeField(null=True)),
                ('member', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='notices', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ('-id',),
            },
        ),
        migrations.CreateModel(
            name='Delivery',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('way', models.CharField(choices=[('page', 'On the site'), ('mail', 'E-mail at once'), ('digest', 'Digest'), ('push', 'Push')], max_length=6)),
                ('due_at', models.DateTimeField()),
                ('is_settled', models.BooleanField(default=False)),
                ('member', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('mailing', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='deliveries', to='notices.mailing')),
                ('notice', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='deliveries', to='notices.notice')),
            ],
        ),
        migrations.CreateModel(
            name='Preferences',
            fields=[
                ('member', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='+', serialize=False, to=settings.AUTH_USER_MODEL)),
                ('is_off', models.BooleanField(default=False)),
                ('ways', models.JSONField(default=dict)),
                ('quiet_from', models.TimeField(null=True)),
                ('quiet_to', models.TimeField(null=True)),
                ('digest', models.CharField(choices=[('never', 'Never'), ('daily', 'Every day'), ('weekly', 'Every week')], default='never', max_length=6)),
                ('digest_hour', models.PositiveSmallIntegerField(default=8)),
                ('digest_day', models.PositiveSmallIntegerField(default=0)),
                ('push_says', models.BooleanField(default=False)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('digest__in', ['never', 'daily', 'weekly'])), name='notices_rhythm_is_known'), models.CheckConstraint(condition=models.Q(('digest_day__lte', 6), ('digest_hour__lte', 23)), name='notices_digest_time'), models.CheckConstraint(condition=models.Q(models.Q(('quiet_from', None), ('quiet_to', None)), models.Q(('quiet_from__isnull', False), ('quiet_to__isnull', False)), _connector='OR'), name='notices_quiet_has_both_ends')],
            },
        ),
        migrations.CreateModel(
            name='Subscription',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('endpoint', models.URLField(max_length=1000, unique=True)),
                ('p256dh', models.CharField(max_length=100)),
                ('auth', models.CharField(max_length=40)),
                ('name', models.CharField(blank=True, max_length=80)),
                ('made_at', models.DateTimeField(default=base.clock.now)),
                ('used_at', models.DateTimeField(null=True)),
                ('failures', models.PositiveSmallIntegerField(default=0)),
                ('member', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ('id',),
            },
        ),
        migrations.AddIndex(
            model_name='mailing',
            index=models.Index(fields=['made_at'], name='notices_mailing_by_age'),
        ),
        migrations.AddConstraint(
            model_name='mailing',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['at_once', 'digest'])), name='notices_mailing_is_known'),
        ),
        migrations.AddIndex(
            model_name='notice',
            index=models.Index(fields=['member', '-id'], name='notices_of_member'),
        ),
        migrations.AddIndex(
            model_name='notice',
            index=models.Index(condition=models.Q(('dismissed_at', None), ('on_page', True), ('read_at', None)), fields=['member'], name='notices_unread'),
        ),
        migrations.AddIndex(
            model_name='notice',
            index=models.Index(fields=['at'], name='notices_by_age'),
        ),
        migrations.AddConstraint(
            model_name='notice',
            constraint=models.UniqueConstraint(fields=('member', 'kind', 'key'), name='notices_once'),
        ),
        migrations.AddIndex(
            model_name='delivery',
            index=models.Index(condition=models.Q(('is_settled', False)), fields=['way', 'due_at'], name='notices_due'),
        ),
        migrations.AddConstraint(
            model_name='delivery',
            constraint=models.UniqueConstraint(fields=('notice', 'way'), name='notices_one_delivery'),
        ),
        migrations.AddConstraint(
            model_name='delivery',
            constraint=models.CheckConstraint(condition=models.Q(('way__in', ['page', 'mail', 'digest', 'push'])), name='notices_way_is_known'),
        ),
    ]
