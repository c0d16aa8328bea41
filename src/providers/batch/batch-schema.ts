import { itemOutcomes, messages, notices } from '../outcome/outcome-schema.ts';
import { object, text, whole } from '../schema-parts.ts';

export const batchSchema = object(
  'Many documents in one request, each with a verdict of its own.',
  {
    size: whole(2, 10_000, 'Most items of the list in one request.'),
    bytes: whole(1024, 104_857_600, 'Most bytes of the bodies that go along. Default 1048576.'),
    list: text('Where the list is in the body: products. All else in the bodies must be the same to go along.'),
    results: object(
      'What the answer says of each item. Without it the verdict on the request holds for each.',
      {
        list: text('Path of the list of results in an answer that is ACCEPTED as a whole.'),
        match: object(
          'Which result is about which item. Without it the n-th is about the n-th.',
          { ours: text('Path in an item.'), theirs: text('Path in a result.') },
          ['ours', 'theirs'],
        ),
        outcomes: itemOutcomes,
        messages,
        notices,
      },
      ['list', 'outcomes'],
    ),
  },
  ['size', 'list'],
);
