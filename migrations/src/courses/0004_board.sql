ALTER TABLE enrolment ADD COLUMN sort_name TEXT NOT NULL DEFAULT '';
ALTER TABLE enrolment ADD COLUMN late_after TEXT;
UPDATE enrolment SET sort_name = (SELECT n.sort_name FROM person_sort_name n WHERE n.person_id = enrolment.person_id);
UPDATE enrolment SET late_after = (SELECT MIN(CASE WHEN enrolment.extended_to > w.due_on THEN enrolment.extended_to ELSE w.due_on END)
  FROM cohort_activity ca JOIN cohort_week w ON w.cohort_id = ca.cohort_id AND w.rank = ca.week_rank
  WHERE ca.cohort_id = enrolment.cohort_id AND ca.optional = FALSE AND NOT EXISTS (SELECT 1 FROM activity_state s
    WHERE s.enrolment_id = enrolment.id AND s.activity_id = ca.activity_id AND s.status = 'done'));
CREATE INDEX enrolment_board ON enrolment (cohort_id, state, sort_name, id, late_after, first_seen_at, completed_at);
