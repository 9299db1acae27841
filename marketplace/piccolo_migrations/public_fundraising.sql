-- The paper by which an organization may raise money from the public (慈善法: 公开募捐资格).
ALTER TABLE qualification DROP CONSTRAINT qualification_kind_check;
ALTER TABLE qualification ADD CONSTRAINT qualification_kind_check CHECK (kind IN
    ('registration', 'law_practice', 'notarization', 'forensic_appraisal', 'financial_report',
     'tax_and_social_security', 'capability', 'no_violation', 'public_fundraising'));
