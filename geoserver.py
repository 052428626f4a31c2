import sys, csv, io
from http.server import *
from email import message_from_bytes
sys.path.insert(0,'/tmp/w/official')
from tests.registry.address_site import _form
QPV=(float(sys.argv[1]),float(sys.argv[2]))
class H(BaseHTTPRequestHandler):
    def do_POST(self):
        f=_form(self.headers['Content-Type'], self.rfile.read(int(self.headers['Content-Length'])))
        print(f['data'][:300], flush=True)
        r=csv.DictReader(io.StringIO(f['data'])); out=io.StringIO()
        w=csv.DictWriter(out,[*r.fieldnames,'longitude','latitude','result_score','result_label','result_type','result_city','result_citycode','result_postcode','result_status']); w.writeheader()
        for x in r:
            a=x['adresse'].lower()
            if 'lilas' in a: x.update(longitude=QPV[0],latitude=QPV[1],result_score='0.96',result_label=x['adresse']+' 31000 Toulouse',result_type='housenumber',result_city='Toulouse',result_citycode='31555',result_postcode='31000',result_status='ok')
            elif 'rue' in a: x.update(longitude=QPV[0]+0.004,latitude=QPV[1],result_score='0.62',result_label=x['adresse']+' 31000 Toulouse',result_type='street',result_city='Toulouse',result_citycode='31555',result_postcode='31000',result_status='ok')
            else: x.update(result_status='not-found')
            w.writerow(x)
        b=out.getvalue().encode(); self.send_response(200); self.send_header('Content-Length',str(len(b))); self.end_headers(); self.wfile.write(b)
    def log_message(self,*a): pass
ThreadingHTTPServer(('127.0.0.1',8703),H).serve_forever()
