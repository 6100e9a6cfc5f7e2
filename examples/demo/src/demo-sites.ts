import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type DevelopmentEnvironment, openOperator } from '@userref/hosted-core';

/** What a shop needs to know of itself; kept between starts, so that nobody gets a new user_ref. */
export interface DemoSite {
  readonly site: string;
  readonly siteSecret: string;
  readonly webhookSecret: string;
  readonly sessionSecret: string;
}

export interface DemoSiteWish {
  readonly site: string;
  readonly name: string;
  readonly url: string;
}

const ATTRIBUTES = ['address:shipping', 'contact:email', 'profile:name'];

const DELIVERY = {
  purposeId: 'order_delivery',
  version: 1,
  maxDurationDays: 90,
  texts: {
    en: {
      title: 'Deliver your order',
      description: 'To bring you what you ordered, and to reach you if something goes wrong on the way.',
      recipients: 'the shop and its parcel service',
    },
    ru: {
      title: 'Доставить ваш заказ',
      description: 'Чтобы доставить заказанное и связаться с вами, если в пути что-то случится.',
      recipients: 'магазин и его служба доставки',
    },
    ar: {
      title: 'توصيل طلبك',
      description: 'لإيصال ما طلبته إليك، وللتواصل معك إذا حدث شيء في الطريق.',
      recipients: 'المتجر وشركة التوصيل التابعة له',
    },
  },
};

/** Registers the shops at the core at the first start; later starts find what was registered. */
export async function ensureDemoSites(
  environment: DevelopmentEnvironment,
  { dataDir, wishes }: { dataDir: string; wishes: readonly DemoSiteWish[] },
): Promise<DemoSite[]> {
  const file = join(dataDir, 'shops.json');
  if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8')) as DemoSite[];
  const operator = openOperator(environment.settings);
  try {
    const sites: DemoSite[] = [];
    for (const wish of wishes) sites.push(await register(operator, wish));
    writeFileSync(file, JSON.stringify(sites), { mode: 0o600 });
    return sites;
  } finally {
    await operator.close();
  }
}

async function register(
  operator: ReturnType<typeof openOperator>,
  { site, name, url }: DemoSiteWish,
): Promise<DemoSite> {
  const { secret } = await operator.registerSite({
    siteId: site,
    name,
    redirectUris: [`${url}/userref/callback`],
    postLogoutRedirectUris: [url, `${url}/`],
    initiateLoginUri: `${url}/userref/login`,
    attributeScopes: ATTRIBUTES,
    purposes: [DELIVERY],
  });
  const webhook = await operator.addWebhookEndpoint({ siteId: site, url: `${url}/userref/webhook` });
  return {
    site,
    siteSecret: secret,
    webhookSecret: webhook.secret,
    sessionSecret: randomBytes(32).toString('base64url'),
  };
}
