ALTER TABLE lti_platform ADD COLUMN sending_job UUID;
ALTER TABLE lti_platform ADD COLUMN sending_until BIGINT;
ALTER TABLE lti_subject ADD COLUMN stand_in TEXT;
CREATE TABLE lti_opened (
  platform_id UUID NOT NULL REFERENCES lti_platform (id),
  cohort_id UUID NOT NULL REFERENCES cohort (id),
  PRIMARY KEY (platform_id, cohort_id)
);
INSERT INTO lti_opened (platform_id, cohort_id) SELECT DISTINCT s.platform_id, e.cohort_id FROM lti_subject s
  JOIN lti_platform p ON p.id = s.platform_id
  JOIN enrolment e ON e.person_id = s.person_id AND e.space_id = p.space_id AND e.source = 'platform';
UPDATE lti_subject SET stand_in = 'Sans nom' WHERE person_id IN
  (SELECT id FROM person WHERE given_name = '' AND family_name = 'Sans nom');
UPDATE lti_subject SET stand_in = 'Unnamed' WHERE person_id IN
  (SELECT id FROM person WHERE given_name = '' AND family_name = 'Unnamed')
