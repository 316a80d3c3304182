import { ofFiles, ofRows, ofSessions } from './issue-texts-of-files.js';
import { ofAssessments, ofCases, ofPeople } from './issue-texts-of-people.js';

/** Every issue an analysis can tell, with what it does and its texts for people. `{0}` … are filled in. */
export const issueTexts = { ...ofFiles, ...ofRows, ...ofSessions, ...ofPeople, ...ofAssessments, ...ofCases };
export type IssueCode = keyof typeof issueTexts;
