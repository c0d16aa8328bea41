import { expect } from 'vitest';

import type { Expected } from './csv-corpus-cases.ts';

export const commerce: Record<string, readonly Expected[]> = {
  'medusa-exported-products-comma.csv': [
    { records: 3, notes: ['6 no-final-newline'], values: [[0, 4, 'test-product-description\ntest line 2']] },
  ],
  'medusa-invalid-column.csv': [{ records: 1, notes: ['2 no-final-newline'] }],
  'medusa-v1-template.csv': [
    {
      records: 5,
      notes: ['6 no-final-newline'],
      values: [[0, 4, expect.stringContaining(String.raw`sheet.\n100%`) as string]],
    },
  ],
  'sap-bikes-Addresses.csv': [
    {
      records: 54,
      values: [
        [0, 0, '1000000034'],
        [0, 9, '99991231'],
      ],
    },
  ],
  'sap-bikes-BusinessPartners.csv': [{ records: 40, values: [[0, 0, '0100000000']] }],
  'sap-bikes-Products.csv': [{ records: 42, values: [[1, 10, '8.0']] }],
  'sap-bikes-SalesOrderItems.csv': [
    {
      records: 1930,
      values: [
        [0, 1, '0000000010'],
        [0, 3, ' '],
      ],
    },
  ],
  'sap-bikes-SalesOrders.csv': [{ records: 334, values: [[333, 0, '0500000333']] }],
  'shopware-customers.csv': [{ options: { delimiter: ';' }, records: 5, values: [[0, 3, 'Cleta']] }],
  'shopware-products_with_list_price.csv': [
    { records: 0, refused: '1 wrong-delimiter' },
    { options: { delimiter: ';' }, records: 2, values: [[1, 14, 'Standard rate']] },
  ],
  'shopware-products_with_update_by.csv': [
    {
      options: { delimiter: ';' },
      records: 2,
      values: [
        [1, 4, 'SW123456'],
        [1, 8, 'Shoes & Tools|Tools|Grocery, Outdoors & Industrial'],
      ],
    },
  ],
};
