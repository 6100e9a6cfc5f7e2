import type { PurposeText } from '../wall/region-cell.ts';

/** What a site in development asks for attributes. */
export const SAMPLE_PURPOSE: PurposeText = {
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
