import sys
from playwright.sync_api import sync_playwright
B="http://127.0.0.1:8603"
D="/tmp/official-files/"
def login(page, who):
    page.goto(B+"/compte/connexion/"); page.fill("[name=login]", who); page.fill("[name=password]","demonstration-2026"); page.click("main button[type=submit]"); page.wait_for_load_state()
def alerts(page):
    return [a.inner_text().replace("\n"," | ")[:700] for a in page.query_selector_all(".alert, .error, [id$=_error], .errorlist, .form-errors, .official-refused li, .official-change, .messages li, .message")]
with sync_playwright() as p:
    b=p.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox","--disable-gpu","--disable-background-networking"])
    c=b.new_context(viewport={"width":1280,"height":900}, locale="fr-FR"); page=c.new_page(); page.set_default_timeout(60000)
    login(page,"administration@essor.example.org")
    page.goto(B+"/observatoire/sources/"); page.screenshot(path=D+"a_sources.png", full_page=True)
    def give(f, vintage=None, load=True, kind=None):
        page.goto(B+"/observatoire/sources/charger/"); page.set_input_files("[name=file]", f)
        if vintage: page.fill("[name=vintage]", str(vintage))
        page.get_by_role("button",name="Regarder ce qu’il change").click(); page.wait_for_load_state()
        name=f.split("/")[-1]; print("==",name,page.url); page.screenshot(path=D+"a_"+name+".png", full_page=True)
        for a in alerts(page): print("   ",a)
        if load:
            bt=page.query_selector("button[value=charger]")
            if bt: bt.click(); page.wait_for_load_state(); print("   LOADED", page.url); [print("     ",a) for a in alerts(page)][:0]; page.screenshot(path=D+"a_"+name+"_l.png", full_page=True)
    give(D+"flores_ok.csv")
    give(D+"flores_ok.csv")
    give(D+"flores_2022.xlsx")
    give(D+"flores_entetes.csv")
    give(D+"flores_codes.csv")
    give(D+"urssaf.csv")
    give("/work/shared/data/geo/qpv2015_occitanie_indicateurs.csv")
    give("/work/shared/data/geo/qpv2015_occitanie_indicateurs.csv", 2018)
    give(D+"flores_grand.csv")
    page.wait_for_timeout(4000); page.screenshot(path=D+"a_job.png", full_page=True); print(page.url)
    page.goto(B+"/observatoire/sources/zonages/"); page.screenshot(path=D+"a_zon0.png", full_page=True)
    import time
    for f in (D+"flores_ok.csv", D+"grille_densite_2024.xlsx","/work/shared/data/geo/ZRR_20221109.json"):
        page.set_input_files("[name=file]", f); t=time.time(); page.get_by_role("button",name="Charger le zonage").click(); page.wait_for_load_state(); print("== zon", f, round(time.time()-t,1)); [print("   ",a) for a in alerts(page)]
        page.screenshot(path=D+"a_zon_"+f.split("/")[-1]+".png", full_page=True)
    page.goto(B+"/observatoire/sources/"); page.screenshot(path=D+"a_sources2.png", full_page=True)
    page.set_viewport_size({"width":360,"height":800}); page.screenshot(path=D+"a_sources2_360.png", full_page=True)
    page.goto(B+"/observatoire/sources/zonages/"); page.screenshot(path=D+"a_zon_360.png", full_page=True)
    b.close()
