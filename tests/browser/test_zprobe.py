import os, time
from tests.browser.test_every_page import *
def cpu():
    procs={}
    for pid in os.listdir('/proc'):
        if pid.isdigit():
            try: s=open(f'/proc/{pid}/stat').read()
            except OSError: continue
            name=s[s.index('(')+1:s.rindex(')')]; f=s[s.rindex(')')+2:].split()
            procs[int(pid)]=(int(f[1]),name,sum(map(int,f[11:15]))/100)
    out={}
    def walk(p):
        for q,(pp,n,c) in procs.items():
            if pp==p: out[n]=out.get(n,0)+c; walk(q)
    walk(os.getpid()); out['python']=procs[os.getpid()][2]
    return out
import warnings; warnings.simplefilter("ignore")
def test_z(visitor):
    warnings.simplefilter("ignore")
    a=cpu(); t=time.time()
    test_everybody_can_use_every_page_whatever_its_state_and_the_width_of_the_window("officer", visitor)
    b=cpu(); print({k: round(b[k]-a.get(k,0),1) for k in b}, round(time.time()-t,1), os.getloadavg())
