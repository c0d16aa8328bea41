import { readFileSync } from 'node:fs';
import { createPayloadCheck } from '../../src/mapping/payload-check.ts';
const schema = JSON.parse(readFileSync('mappings/ctl/schemas/order.json','utf8'));
const check = createPayloadCheck(schema);
const p:any = {DateOrdered:'2026-05-04T00:00:00-05:00',PurchaseNumber:'PO-1',Comments:'Leave with front desk',ShipTo:{Attention:'Mina Okafor',Name:'Okafor Studio',Address1:'18 Harbor Lane',Address2:'Suite 4',City:'Dayton',StateOrProvince:'OH',PostalCode:'45402',CountryCode:'US',Email:'mina@example.test',PhoneNumber:'937-555-0142'},Items:[1,2,3].map(l=>({Sku:'BTL-'+l,Quantity:l,Description:'Insulated bottle',UnitOfMeasure:'EACH',DeclaredValuePerUOM:36.5,Variables:[{Key:'LineNo',Value:String(l*10)}]})),Variables:[{Key:'BridgeOrderId',Value:'SO-1'}]};
function t(name:string,f:()=>unknown){for(let r=0;r<4;r++){const s=performance.now();for(let i=0;i<50000;i++)f();const e=performance.now();if(r===3)console.log(name,((e-s)/50000*1000).toFixed(2),'us')}}
t('ajv',()=>check.errors(p));
t('stringify',()=>JSON.stringify(p));
const raw=(JSON as any).rawJSON;
const q=structuredClone(p); q.Items.forEach((i:any)=>i.DeclaredValuePerUOM=raw('36.50'));
t('stringify raw',()=>JSON.stringify(q));
t('rawJSON x3',()=>{raw('36.50');raw('36.50');raw('36.50')});
