-- The blocking rules as one query: a verdict (-1 fail, 0 unknown, 1 pass) for each candidate link.
-- A rule that does not apply is 2. A week of 672 slots is 21 columns of 32 bits; what SQL has no words for on these,
-- in {braces}, is written out by duckdb_query.py.
-- Parameters: $day, $route, $federal, $solo, $kap_hours, $kap_programmes.
WITH
held AS (FROM licenses WHERE coalesce(begins <= $day, true) AND coalesce($day <= ends, true)),
registered AS (
    SELECT *, CASE
        WHEN schedules IS NULL THEN 0
        WHEN list_contains(schedules, '3N') OR (issuer = 'state' AND list_contains(schedules, '3')) THEN 1
        ELSE -1 END AS holds
    FROM registrations WHERE coalesce(begins <= $day, true) AND coalesce($day <= ends, true)
),
covered AS (FROM coverage WHERE coalesce(begins <= $day, true) AND coalesce($day <= ends, true)),
agreed AS (FROM agreements WHERE coalesce(begins <= $day, true) AND coalesce($day <= ends, true)),

-- Who is a candidate for each role: by the cell, or by every licence there ever was.
by_license AS (
    SELECT person,
        bool_or(prescribing(profession)) AS prescribes,
        bool_or(therapy(profession) OR (nurse(profession) AND coalesce(specialty = 'psychiatric_nursing', false))) AS sits
    FROM licenses JOIN practitioners USING (person) GROUP BY person
),
people AS (
    SELECT person,
        CASE WHEN roles IS NULL THEN coalesce(prescribes, false) ELSE list_contains(roles, 'prescriber') END AS prescribes,
        CASE WHEN roles IS NULL THEN coalesce(sits, false) ELSE list_contains(roles, 'therapist') END AS sits
    FROM practitioners LEFT JOIN by_license USING (person)
),

-- The policy that counts in each role, its blank cells filled by its carrier's word.
counts AS (
    SELECT * FROM covered, (VALUES ('prescriber'), ('therapist')) AS of(as_role)
    WHERE role IS NULL OR role = as_role
    QUALIFY row_number() OVER (PARTITION BY person, as_role ORDER BY role IS NULL, number) = 1
),
policies AS (
    SELECT c.person, c.as_role,
        coalesce(c.presence, k.presence) AS presence,
        coalesce(c.same_site, k.same_site, false) AS same_site,
        coalesce(c.in_clinic_only, k.in_clinic_only, false) AS in_clinic,
        coalesce(c.specialties, k.specialties) AS specialties,
        answer(coalesce(c.ketamine, k.ketamine)) AS covers,
        CASE WHEN coalesce(c.presence, k.presence) IS NULL AND c.as_role = 'prescriber' THEN 3
             ELSE greatest(coalesce(c.presence, k.presence, 0), CASE WHEN coalesce(c.same_site, k.same_site, false) THEN 2 ELSE 0 END)
             END AS level
    FROM counts c LEFT JOIN carriers k USING (carrier)
),
prescribes AS (
    SELECT person AS prescriber, coalesce(level, 3) AS prescriber_level
    FROM people LEFT JOIN (FROM policies WHERE as_role = 'prescriber') USING (person) WHERE prescribes
),
sits AS (
    SELECT person AS therapist, coalesce(level, 0) AS therapist_level
    FROM people LEFT JOIN (FROM policies WHERE as_role = 'therapist') USING (person) WHERE sits
),

-- The hours of each person at each site, as written and, where some are unwritten, as if these were all hours.
postings AS MATERIALIZED (
    SELECT person, site, bool_or(w0 IS NULL) AS unwritten, bit_or(coalesce(COLUMNS('w[0-9]+'), 0)) FROM hours
    WHERE coalesce(begins <= $day, true) AND coalesce($day <= ends, true) GROUP BY person, site
),
blank AS (SELECT DISTINCT person FROM postings WHERE unwritten),
weeks AS (
    SELECT person, site, false AS perhaps, COLUMNS('w[0-9]+') FROM postings
    UNION ALL
    SELECT person, site, true, CASE WHEN unwritten THEN 4294967295 ELSE COLUMNS('w[0-9]+') END FROM postings
),
remote AS (FROM prescribes WHERE prescriber_level <= 1),

-- Every pair at a site, with the level of presence that is asked of it.
prescribers_here AS (SELECT site, prescriber, prescriber_level FROM postings JOIN prescribes ON prescriber = person),
therapists_here AS (SELECT site, therapist, therapist_level FROM postings JOIN sits ON therapist = person),
places AS (SELECT site, "offset", law_level FROM sites JOIN law_of_places USING (jurisdiction)),
pairs AS (
    SELECT site, prescriber, therapist, prescriber_level, therapist_level
    FROM therapists_here JOIN prescribers_here USING (site)
    UNION ALL
    SELECT site, prescriber, therapist, prescriber_level, therapist_level
    FROM therapists_here JOIN places USING (site), remote
    WHERE therapist_level <= 1 AND law_level <= 1
        AND NOT EXISTS (FROM postings p WHERE p.site = therapists_here.site AND p.person = remote.prescriber)
),
links AS MATERIALIZED (
    SELECT site, prescriber, therapist,
        CASE WHEN prescriber = therapist THEN 0 ELSE greatest(law_level, prescriber_level, therapist_level) END AS level
    FROM pairs JOIN places USING (site) WHERE $solo OR prescriber <> therapist
),

-- Whether each link has a start that fits: a start is a slot from which a session, or its dosing part, is all there.
{starts}
asked AS (
    SELECT l.*, p."offset", false AS perhaps FROM links l JOIN places p USING (site)
    UNION ALL
    SELECT l.*, p."offset", true FROM links l JOIN places p USING (site)
    WHERE therapist IN (FROM blank) OR prescriber IN (FROM blank)
),
fitting AS (
    SELECT l.site, l.prescriber, l.therapist, l.perhaps, {some} AS fits FROM asked l
    JOIN session t ON t.person = l.therapist AND t.site = l.site AND t.perhaps = l.perhaps
    WHERE level = 0
    UNION ALL
    SELECT l.site, l.prescriber, l.therapist, l.perhaps, {both} FROM asked l
    JOIN session t ON t.person = l.therapist AND t.site = l.site AND t.perhaps = l.perhaps
    JOIN anywhere p ON p.person = l.prescriber AND p."offset" = l."offset" AND p.perhaps = l.perhaps
    WHERE level = 1
    UNION ALL
    SELECT l.site, l.prescriber, l.therapist, l.perhaps, {both} FROM asked l
    JOIN session t ON t.person = l.therapist AND t.site = l.site AND t.perhaps = l.perhaps
    JOIN dosing p ON p.person = l.prescriber AND p.site = l.site AND p.perhaps = l.perhaps
    WHERE level = 2
    UNION ALL
    SELECT l.site, l.prescriber, l.therapist, l.perhaps, {both} FROM asked l
    JOIN session t ON t.person = l.therapist AND t.site = l.site AND t.perhaps = l.perhaps
    JOIN session p ON p.person = l.prescriber AND p.site = l.site AND p.perhaps = l.perhaps
    WHERE level = 3
),
fits AS (
    SELECT site, prescriber, therapist,
        CASE WHEN bool_or(fits AND NOT perhaps) THEN 1 WHEN bool_or(fits) THEN 0 ELSE -1 END AS fits
    FROM fitting GROUP BY site, prescriber, therapist
),

-- The rules on a prescriber at a site.
prescribers AS MATERIALIZED (
    SELECT l.person, site, jurisdiction, setting, stock, specialty
    FROM (SELECT DISTINCT prescriber AS person, site FROM links) l
    JOIN sites USING (site) JOIN practitioners USING (person)
),
partners AS (
    SELECT a.person, a.kind, a.partner, o.jurisdiction, o.profession FROM agreed a
    JOIN held o ON o.person = a.partner AND o.status = 'active'
        AND (a.jurisdiction IS NULL OR a.jurisdiction = o.jurisdiction)
),
agreements_there AS (
    SELECT DISTINCT h.person, h.jurisdiction, h.profession
    FROM held h JOIN law_of_professions law USING (jurisdiction, profession)
    JOIN partners o ON o.person = h.person AND o.jurisdiction = h.jurisdiction
        AND o.kind IN ('collaboration', 'supervision') AND list_contains(law.accepts, o.profession)
),
cases AS (
    SELECT m.person, m.site, h.profession, standing(h.status, m.setting) AS standing,
        CASE WHEN h.profession = 'physician' OR yes_no(law.ketamine) < 1 OR len(law.routes) = 0 THEN yes_no(law.ketamine)
             ELSE answer(list_contains(law.routes, $route)) END AS authority,
        CASE WHEN law.autonomy = 'independent' OR (law.autonomy = 'transition' AND coalesce(h.independent, false)) THEN 2
             WHEN t.person IS NOT NULL THEN 1
             WHEN law.autonomy = 'agreement' OR (law.autonomy = 'transition' AND NOT coalesce(h.independent, true)) THEN -1
             ELSE 0 END AS agreement
    FROM prescribers m
    JOIN held h USING (person, jurisdiction)
    JOIN law_of_professions law USING (jurisdiction, profession)
    LEFT JOIN agreements_there t USING (person, jurisdiction, profession)
    WHERE prescribing(h.profession)
),
speaking AS (
    SELECT person, site, profession, least(standing, authority, agreement) AS speaks FROM cases WHERE standing > -1
    QUALIFY row_number() OVER (
        PARTITION BY person, site
        ORDER BY least(standing, authority, agreement) DESC, rank_of(profession), standing DESC, agreement DESC
    ) = 1
),
own AS (
    SELECT person, jurisdiction, max(holds) FILTER (issuer = 'dea') AS dea, max(holds) FILTER (issuer = 'state') AS state
    FROM registered WHERE person IS NOT NULL GROUP BY person, jurisdiction
),
at_site AS (
    SELECT person, at_site AS site, max(holds) AS holds FROM registered
    WHERE issuer = 'dea' AND person IS NOT NULL AND at_site IS NOT NULL GROUP BY ALL
),
of_site AS (
    SELECT site, max(holds) AS holds FROM registered WHERE issuer = 'dea' AND site IS NOT NULL GROUP BY site
),
in_person AS (
    SELECT DISTINCT person, jurisdiction FROM postings JOIN sites USING (site) WHERE setting <> 'telehealth'
),
by_prescriber AS (
    SELECT m.person AS prescriber, m.site, least(
        coalesce(s.speaks, -1),
        coalesce(o.dea, -1),
        CASE WHEN s.profession IS NULL OR law.state_registration = 'no' THEN 2
             WHEN law.state_registration = 'yes' THEN coalesce(o.state, -1)
             WHEN o.state = 1 THEN 1 ELSE 0 END,
        CASE WHEN m.stock THEN greatest(coalesce(a.holds, -1), coalesce(w.holds, -1)) ELSE 2 END,
        CASE WHEN i.person IS NOT NULL THEN 1 ELSE least(yes_no($federal), yes_no(place.telehealth)) END,
        coalesce(p.covers, -1),
        CASE WHEN p.specialties IS NULL THEN 2 WHEN m.specialty IS NULL THEN 0
             ELSE answer(list_contains(p.specialties, m.specialty)) END,
        CASE WHEN coalesce(p.in_clinic, false) THEN answer(m.setting IN ('clinic', 'hospital')) ELSE 2 END
    ) AS verdict
    FROM prescribers m
    JOIN law_of_places place USING (jurisdiction)
    LEFT JOIN speaking s USING (person, site)
    LEFT JOIN law_of_professions law ON law.jurisdiction = m.jurisdiction AND law.profession = s.profession
    LEFT JOIN own o ON o.person = m.person AND o.jurisdiction = m.jurisdiction
    LEFT JOIN at_site a ON a.person = m.person AND a.site = m.site
    LEFT JOIN of_site w ON w.site = m.site
    LEFT JOIN in_person i ON i.person = m.person AND i.jurisdiction = m.jurisdiction
    LEFT JOIN policies p ON p.person = m.person AND p.as_role = 'prescriber'
),

-- The rules on a therapist at a site.
therapists AS (
    SELECT l.person, site, jurisdiction, setting, specialty
    FROM (SELECT DISTINCT therapist AS person, site FROM links) l
    JOIN sites USING (site) JOIN practitioners USING (person)
),
supervised AS (
    SELECT s.person, s.jurisdiction, max(therapist_by(s.profession, specialty)) AS verdict
    FROM partners s JOIN practitioners p ON p.person = s.partner WHERE s.kind = 'supervision' GROUP BY ALL
),
licensed AS (
    SELECT m.person, m.site, max(least(
        therapist_by(h.profession, m.specialty),
        CASE WHEN h.status = 'associate' THEN coalesce(s.verdict, -1) ELSE standing(h.status, m.setting) END
    )) AS verdict
    FROM therapists m JOIN held h USING (person, jurisdiction) LEFT JOIN supervised s USING (person, jurisdiction)
    GROUP BY ALL
),
trained AS (
    SELECT person, CASE
        WHEN coalesce(sum(hours), 0) >= $kap_hours OR coalesce(bool_or(list_contains($kap_programmes, name)), false) THEN 1
        WHEN bool_or(hours IS NULL) THEN 0 ELSE -1 END AS verdict
    FROM training
    WHERE kind = 'kap' AND coalesce(begins <= $day, true) AND coalesce($day <= ends, true) GROUP BY person
),
by_therapist AS (
    SELECT m.person AS therapist, m.site,
        least(coalesce(l.verdict, -1), coalesce(p.covers, -1), coalesce(t.verdict, -1)) AS verdict
    FROM therapists m
    LEFT JOIN licensed l USING (person, site)
    LEFT JOIN trained t ON t.person = m.person
    LEFT JOIN policies p ON p.person = m.person AND p.as_role = 'therapist'
),
avoided AS (
    SELECT DISTINCT least(a, b) AS a, greatest(a, b) AS b FROM ties WHERE kind = 'avoids'
)

SELECT l.site, l.prescriber, l.therapist,
    least(p.verdict, t.verdict, f.fits, CASE WHEN x.a IS NULL THEN 1 ELSE -1 END, 1)::TINYINT AS verdict
FROM links l
JOIN by_prescriber p USING (site, prescriber)
JOIN by_therapist t USING (site, therapist)
JOIN fits f USING (site, prescriber, therapist)
LEFT JOIN avoided x ON x.a = least(l.prescriber, l.therapist) AND x.b = greatest(l.prescriber, l.therapist)
