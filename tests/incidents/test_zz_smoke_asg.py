import pytest
from django.urls import reverse
from tests import make_incidents as mk
from lysekil_trygghet.notifications import operations

@pytest.mark.django_db
def test_smoke(client_as):
    a = mk.issued_assignment()
    r = mk.submitted_report(assignment=mk.issued_assignment())
    from incidents.operations import assignments
    for who in ("director","coordinator","head_social","officer_social","registrar","communicator","auditor","police_liaison"):
        c = client_as(who)
        for url in ("/arbete/","/arbete/lage/","/arbete/lage/?visning=projektor","/arbete/lage/?status=HEJ", a.get_absolute_url(), r.assignment.get_absolute_url(), f"/arbete/uppdrag/{a.pk}/rapport/", f"/arbete/uppdrag/{r.assignment_id}/rapport/svar/", "/arbete/diarium/","/arbete/diarium/?visa=klara","/arbete/diarium/lista.csv","/arbete/delat/", f"/arbete/uppdrag/{a.pk}/mer-tid/", f"/arbete/uppdrag/{a.pk}/avboj/", f"/arbete/uppdrag/{a.pk}/dag/", f"/arbete/uppdrag/{a.pk}/utgar/", f"/arbete/uppdrag/{a.pk}/undantag/", f"/arbete/uppdrag/{a.pk}/handlaggare/"):
            try:
                x = c.get(url)
                print(who, url, x.status_code)
            except Exception as e:
                print(who, url, repr(e)[:300])
    x = client_as("director").get("/arbete/lage/", headers={"HX-Request":"true"})
    print(x.content.decode()[:300])
