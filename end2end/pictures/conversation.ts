// What is said in the pictures: who, where, what.

export const ROOMS = [
  { name: 'Garden', slug: 'garden', topic: 'Beds, seeds and whose turn it is to water' },
  { name: 'Reading club', slug: 'reading-club', topic: 'This month: The Left Hand of Darkness' },
  { name: 'Bike trip', slug: 'bike-trip', topic: 'Along the river in June' },
];

type Line = readonly [author: string, body: string];

export const ELSEWHERE: Record<string, readonly Line[]> = {
  garden: [
    ['Mira', 'The tomatoes by the south wall are through. Eleven of twelve!'],
    ['Tomás', 'And the twelfth is under the cat.'],
  ],
  'reading-club': [
    ['Aiko', 'I am at chapter nine and I have opinions.'],
    ['Ben', 'No spoilers, I still have the train on Thursday for that.'],
  ],
  'bike-trip': [['Tomás', 'The ferry takes eight bikes. We are nine. Somebody has to swim.']],
};

export const LOBBY: readonly Line[] = [
  ['Mira', 'Good morning! The key to the shed is back on its hook.'],
  ['Tomás', 'So it was in your coat.'],
  ['Mira', 'It was in my coat.'],
  ['Aiko', 'I fixed the hinge while the door was open anyway. It closes now, but lift it a little.'],
  ['Kira', 'Thank you, Aiko! That door has squeaked since I moved in.'],
  ['Kira', 'Are we still on for Saturday?\nI can bring the long table if somebody helps me carry it down.'],
  ['Ben', 'I can carry. Ten o’clock?'],
  ['Aiko', 'Ten is fine. I will bring bread, the dark one with the seeds.'],
  ['Tomás', 'Then I make the soup. Leek and potato, enough for fifteen.'],
  ['Mira', 'Fifteen? Last time we were twenty-two.'],
  ['Tomás', 'Enough for fifteen who are polite.'],
  ['Ben', 'I counted the chairs: 18 of ours and 4 from the school, if I ask nicely.\nWhat we still need:\n– cups\n– something to sit on for the small ones\n– a plan for rain'],
  ['Kira', 'The plan for rain is my kitchen. 🌧️'],
  ['Aiko', 'Best plan so far.'],
  ['Mira', 'I have about thirty cups that do not match at all.'],
  ['Kira', 'Perfect. See you all on Saturday!'],
];
