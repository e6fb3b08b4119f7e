-- What happens in the labs, recorded by the database itself.
--
-- Triggers look at what a whole statement changed, so that one which changes very much is told of
-- once. Their functions have the rights of whoever migrated: a worker needs none on the change log.

-- Milliseconds since the Unix epoch.
CREATE FUNCTION labs_now() RETURNS bigint LANGUAGE sql AS $$
    SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint
$$;

-- Those as RFC 3339 has them.
CREATE FUNCTION labs_iso(ms bigint) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT to_char(to_timestamp(ms / 1000.0) AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')
$$;

-- Records the events of one kind of thing in one project or, past {told_one_by_one} of them in one
-- transaction, that there were many. How many were told is known to the transaction alone, and
-- forgotten with what it rolls back; `apart` says what is counted by itself.
CREATE FUNCTION labs_tell(what text, project text, bodies text[], apart text DEFAULT NULL)
    RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
DECLARE
    told jsonb := coalesce(nullif(current_setting('labs.told', true), ''), '{}');
    thing text := coalesce(apart, what) || ' of ' || project;
    before bigint := coalesce((told ->> thing)::bigint, 0);
    number bigint := before + cardinality(bodies);
    members text := json_build_array('project:' || project);
BEGIN
    IF number <= {told_one_by_one} THEN
        INSERT INTO highwater_log (kind, audiences, about, body)
            SELECT 'event', members, thing, one
            FROM unnest(bodies) WITH ORDINALITY AS each (one, place) ORDER BY place;
    ELSIF before <= {told_one_by_one} THEN
        INSERT INTO highwater_log (kind, audiences, about, body)
            VALUES ('event', members, 'many ' || thing, json_build_object(
                'type', 'bulk_change', 'projectId', project, 'changed', what));
    END IF;
    PERFORM set_config('labs.told', (told || jsonb_build_object(thing, number))::text, true);
END $$;

-- Records that somebody hears more or less.
CREATE FUNCTION labs_tell_access(body json) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
BEGIN
    INSERT INTO highwater_log (kind, body) VALUES ('access', body);
END $$;

-- Gives a row what its writer did not: the version of a change, and its time.
CREATE FUNCTION labs_versioned() RETURNS trigger LANGUAGE plpgsql
    SET search_path FROM CURRENT AS $$
BEGIN
    new.version := greatest(new.version, old.version + 1);
    IF new.updated_at = old.updated_at THEN
        new.updated_at := labs_now();
    END IF;
    RETURN new;
END $$;

-- Sources.

CREATE TRIGGER ingestion_sources_versioned BEFORE UPDATE ON ingestion_sources FOR EACH ROW
    WHEN ((old.source_name, old.status, old.error, old.words, old.updated_at)
        IS DISTINCT FROM (new.source_name, new.status, new.error, new.words, new.updated_at))
    EXECUTE FUNCTION labs_versioned();

CREATE FUNCTION ingestion_sources_added() RETURNS trigger LANGUAGE plpgsql
    SET search_path FROM CURRENT AS $$
BEGIN
    PERFORM labs_tell('sources', project_id, array_agg(json_build_object(
            'type', 'source_added', 'projectId', project_id, 'sourceId', id
        )::text ORDER BY id))
        FROM after GROUP BY project_id;
    RETURN NULL;
END $$;

CREATE FUNCTION ingestion_sources_updated() RETURNS trigger LANGUAGE plpgsql
    SET search_path FROM CURRENT AS $$
BEGIN
    PERFORM labs_tell('sources', after.project_id, array_agg(json_build_object(
            'type', 'status_update', 'projectId', after.project_id, 'sourceId', after.id,
            'status', after.status, 'sourceName', after.source_name, 'error', after.error,
            'words', after.words, 'updatedAt', labs_iso(after.updated_at), 'version', after.version
        )::text ORDER BY after.id))
        FROM after JOIN before ON before.id = after.id
        WHERE (before.source_name, before.status, before.error, before.words, before.updated_at)
            IS DISTINCT FROM (after.source_name, after.status, after.error, after.words, after.updated_at)
        GROUP BY after.project_id;
    RETURN NULL;
END $$;

CREATE FUNCTION ingestion_sources_deleted() RETURNS trigger LANGUAGE plpgsql
    SET search_path FROM CURRENT AS $$
BEGIN
    PERFORM labs_tell('sources', project_id, array_agg(json_build_object(
            'type', 'source_deleted', 'projectId', project_id, 'sourceId', id
        )::text ORDER BY id))
        FROM before GROUP BY project_id;
    RETURN NULL;
END $$;

CREATE TRIGGER ingestion_sources_added AFTER INSERT ON ingestion_sources
    REFERENCING NEW TABLE AS after
    FOR EACH STATEMENT EXECUTE FUNCTION ingestion_sources_added();
CREATE TRIGGER ingestion_sources_updated AFTER UPDATE ON ingestion_sources
    REFERENCING OLD TABLE AS before NEW TABLE AS after
    FOR EACH STATEMENT EXECUTE FUNCTION ingestion_sources_updated();
CREATE TRIGGER ingestion_sources_deleted AFTER DELETE ON ingestion_sources
    REFERENCING OLD TABLE AS before
    FOR EACH STATEMENT EXECUTE FUNCTION ingestion_sources_deleted();

-- Jobs of a project; those of no project are not told of here.

ALTER TABLE jobs ADD CONSTRAINT jobs_progress_counted
    CHECK (progress_current >= 0 AND progress_total >= 0);
ALTER TABLE jobs ADD CONSTRAINT jobs_id_form CHECK (id ~ '^job_[0-9a-f]{16}$');

CREATE FUNCTION jobs_versioned() RETURNS trigger LANGUAGE plpgsql
    SET search_path FROM CURRENT AS $$
BEGIN
    new.version := greatest(new.version, old.version + 1);
    IF new.progress_updated_at IS NOT DISTINCT FROM old.progress_updated_at AND
        (old.progress_stage, old.progress_current, old.progress_total, old.progress_message)
        IS DISTINCT FROM
        (new.progress_stage, new.progress_current, new.progress_total, new.progress_message)
    THEN
        new.progress_updated_at := labs_now();
    END IF;
    RETURN new;
END $$;

CREATE TRIGGER jobs_versioned BEFORE UPDATE ON jobs FOR EACH ROW
    WHEN (new.project_id IS NOT NULL AND
        (old.status, old.cancel_requested, old.error, old.run_after, old.title,
            old.progress_stage, old.progress_current, old.progress_total, old.progress_message,
            old.progress_updated_at)
        IS DISTINCT FROM
        (new.status, new.cancel_requested, new.error, new.run_after, new.title,
            new.progress_stage, new.progress_current, new.progress_total, new.progress_message,
            new.progress_updated_at))
    EXECUTE FUNCTION jobs_versioned();

CREATE FUNCTION jobs_added() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    PERFORM labs_tell('jobs', project_id, array_agg(json_build_object(
            'type', 'generation_changed', 'projectId', project_id, 'jobId', id,
            'status', status, 'version', version
        )::text ORDER BY id))
        FROM after WHERE project_id IS NOT NULL GROUP BY project_id;
    RETURN NULL;
END $$;

CREATE FUNCTION jobs_updated() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    PERFORM labs_tell('jobs', after.project_id, array_agg(json_build_object(
            'type', 'progress_update', 'projectId', after.project_id, 'jobId', after.id,
            'progress', json_build_object(
                'stage', coalesce(left(after.progress_stage, {told_chars}), ''),
                'current', coalesce(after.progress_current, 0),
                'total', coalesce(after.progress_total, 0),
                'message', coalesce(left(after.progress_message, {told_chars}), ''),
                'timestamp', coalesce(after.progress_updated_at, labs_now())),
            'version', after.version
        )::text ORDER BY after.id),
        -- However much else is told of a project's jobs, that one is done is not lost in it.
        CASE WHEN after.progress_stage = ANY ('{{last_stages}}') THEN 'finished jobs' END)
        FROM after JOIN before ON before.id = after.id
        WHERE after.project_id IS NOT NULL AND
            (before.progress_stage, before.progress_current, before.progress_total, before.progress_message,
                before.progress_updated_at)
            IS DISTINCT FROM
            (after.progress_stage, after.progress_current, after.progress_total, after.progress_message,
                after.progress_updated_at)
        GROUP BY after.project_id,
            CASE WHEN after.progress_stage = ANY ('{{last_stages}}') THEN 'finished jobs' END;
    PERFORM labs_tell('jobs', after.project_id, array_agg(json_build_object(
            'type', 'generation_changed', 'projectId', after.project_id, 'jobId', after.id,
            'status', after.status, 'version', after.version
        )::text ORDER BY after.id))
        FROM after JOIN before ON before.id = after.id
        WHERE after.project_id IS NOT NULL AND
            (before.status, before.cancel_requested, before.error, before.run_after, before.title)
            IS DISTINCT FROM
            (after.status, after.cancel_requested, after.error, after.run_after, after.title)
        GROUP BY after.project_id;
    RETURN NULL;
END $$;

CREATE FUNCTION jobs_deleted() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    PERFORM labs_tell('jobs', project_id, array_agg(json_build_object(
            'type', 'generation_changed', 'projectId', project_id, 'jobId', id,
            'status', status, 'version', version + 1
        )::text ORDER BY id))
        FROM before WHERE project_id IS NOT NULL GROUP BY project_id;
    RETURN NULL;
END $$;

CREATE TRIGGER jobs_deleted AFTER DELETE ON jobs
    REFERENCING OLD TABLE AS before
    FOR EACH STATEMENT EXECUTE FUNCTION jobs_deleted();
CREATE TRIGGER jobs_added AFTER INSERT ON jobs
    REFERENCING NEW TABLE AS after
    FOR EACH STATEMENT EXECUTE FUNCTION jobs_added();
CREATE TRIGGER jobs_updated AFTER UPDATE ON jobs
    REFERENCING OLD TABLE AS before NEW TABLE AS after
    FOR EACH STATEMENT EXECUTE FUNCTION jobs_updated();

-- Nodes.

CREATE TRIGGER proposed_nodes_versioned BEFORE UPDATE ON proposed_nodes FOR EACH ROW
    WHEN ((old.title, old.summary, old.confidence, old.status, old.updated_at)
        IS DISTINCT FROM (new.title, new.summary, new.confidence, new.status, new.updated_at))
    EXECUTE FUNCTION labs_versioned();

CREATE FUNCTION proposed_nodes_added() RETURNS trigger LANGUAGE plpgsql
    SET search_path FROM CURRENT AS $$
BEGIN
    PERFORM labs_tell('proposals', project_id, array_agg(json_build_object(
            'type', 'new_proposal', 'projectId', project_id, 'proposalId', id, 'title', title,
            'confidence', confidence, 'createdAt', labs_iso(created_at)
        )::text ORDER BY confidence DESC, id))
        FROM after GROUP BY project_id;
    RETURN NULL;
END $$;

CREATE FUNCTION proposed_nodes_updated() RETURNS trigger LANGUAGE plpgsql
    SET search_path FROM CURRENT AS $$
BEGIN
    PERFORM labs_tell('proposals', after.project_id, array_agg(json_build_object(
            'type', 'proposal_update', 'projectId', after.project_id, 'proposalId', after.id,
            'title', after.title, 'summary', after.summary, 'confidence', after.confidence,
            'status', after.status, 'was', before.status, 'updatedAt', labs_iso(after.updated_at),
            'version', after.version
        )::text ORDER BY after.id))
        FROM after JOIN before ON before.id = after.id
        WHERE (before.title, before.summary, before.confidence, before.status, before.updated_at)
            IS DISTINCT FROM (after.title, after.summary, after.confidence, after.status, after.updated_at)
        GROUP BY after.project_id;
    RETURN NULL;
END $$;

CREATE FUNCTION proposed_nodes_deleted() RETURNS trigger LANGUAGE plpgsql
    SET search_path FROM CURRENT AS $$
BEGIN
    PERFORM labs_tell('proposals', project_id, array_agg(json_build_object(
            'type', 'proposal_deleted', 'projectId', project_id, 'proposalId', id
        )::text ORDER BY id))
        FROM before GROUP BY project_id;
    RETURN NULL;
END $$;

CREATE TRIGGER proposed_nodes_added AFTER INSERT ON proposed_nodes
    REFERENCING NEW TABLE AS after
    FOR EACH STATEMENT EXECUTE FUNCTION proposed_nodes_added();
CREATE TRIGGER proposed_nodes_updated AFTER UPDATE ON proposed_nodes
    REFERENCING OLD TABLE AS before NEW TABLE AS after
    FOR EACH STATEMENT EXECUTE FUNCTION proposed_nodes_updated();
CREATE TRIGGER proposed_nodes_deleted AFTER DELETE ON proposed_nodes
    REFERENCING OLD TABLE AS before
    FOR EACH STATEMENT EXECUTE FUNCTION proposed_nodes_deleted();

-- Both projects hear that much has changed when something moves from one to the other.

CREATE FUNCTION labs_moved() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    PERFORM labs_tell(TG_ARGV[0], project, ARRAY[json_build_object(
            'type', 'bulk_change', 'projectId', project, 'changed', TG_ARGV[0])::text])
        FROM unnest(ARRAY[old.project_id, new.project_id]) AS each (project)
        WHERE project IS NOT NULL;
    RETURN NULL;
END $$;

CREATE TRIGGER ingestion_sources_moved AFTER UPDATE OF id, project_id ON ingestion_sources FOR EACH ROW
    WHEN ((old.id, old.project_id) IS DISTINCT FROM (new.id, new.project_id))
    EXECUTE FUNCTION labs_moved('sources');
CREATE TRIGGER jobs_moved AFTER UPDATE OF id, project_id ON jobs FOR EACH ROW
    WHEN ((old.id, old.project_id) IS DISTINCT FROM (new.id, new.project_id))
    EXECUTE FUNCTION labs_moved('jobs');
CREATE TRIGGER proposed_nodes_moved AFTER UPDATE OF id, project_id ON proposed_nodes FOR EACH ROW
    WHEN ((old.id, old.project_id) IS DISTINCT FROM (new.id, new.project_id))
    EXECUTE FUNCTION labs_moved('proposals');

-- Projects, and who takes part.

CREATE FUNCTION labs_projects_updated() RETURNS trigger LANGUAGE plpgsql
    SET search_path FROM CURRENT AS $$
BEGIN
    PERFORM labs_tell('details', new.id, ARRAY[json_build_object(
        'type', 'project_changed', 'projectId', new.id)::text]);
    RETURN NULL;
END $$;

CREATE TRIGGER labs_projects_versioned BEFORE UPDATE ON labs_projects FOR EACH ROW
    WHEN ((old.name, old.description) IS DISTINCT FROM (new.name, new.description))
    EXECUTE FUNCTION labs_versioned();
CREATE TRIGGER labs_projects_updated AFTER UPDATE ON labs_projects FOR EACH ROW
    WHEN ((old.name, old.description) IS DISTINCT FROM (new.name, new.description))
    EXECUTE FUNCTION labs_projects_updated();

CREATE FUNCTION labs_joined(project text, person bigint) RETURNS void LANGUAGE sql
    SET search_path FROM CURRENT AS $$
    SELECT labs_tell_access(json_build_object(
        'subject', 'user:' || person,
        'join', json_build_array('project:' || project),
        'gained', json_build_array(json_build_object('labs', 'mine'),
            json_build_object('labs', json_build_object('within', project)))));
    SELECT labs_tell('details', project, ARRAY[json_build_object(
        'type', 'project_changed', 'projectId', project)::text]);
$$;

CREATE FUNCTION labs_left(project text, person bigint) RETURNS void LANGUAGE sql
    SET search_path FROM CURRENT AS $$
    SELECT labs_tell_access(json_build_object(
        'subject', 'user:' || person,
        'leave', json_build_array('project:' || project),
        'gained', json_build_array(json_build_object('labs', 'mine')),
        'lost', json_build_array(json_build_object('labs', json_build_object('within', project)))));
    SELECT labs_tell_access(json_build_object(
        'subject', 'project_member:' || project || ':' || person, 'end', true));
    SELECT labs_tell('details', project, ARRAY[json_build_object(
        'type', 'project_changed', 'projectId', project)::text]);
$$;

CREATE FUNCTION labs_members_changed() RETURNS trigger LANGUAGE plpgsql
    SET search_path FROM CURRENT AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND (old.project_id, old.user_id) = (new.project_id, new.user_id) THEN
        PERFORM labs_tell('details', new.project_id, ARRAY[json_build_object(
            'type', 'project_changed', 'projectId', new.project_id)::text]);
        RETURN NULL;
    END IF;
    IF TG_OP <> 'INSERT' THEN
        PERFORM labs_left(old.project_id, old.user_id);
    END IF;
    IF TG_OP <> 'DELETE' THEN
        PERFORM labs_joined(new.project_id, new.user_id);
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER labs_members_changed
    AFTER INSERT OR UPDATE OF project_id, user_id, role OR DELETE ON labs_members
    FOR EACH ROW EXECUTE FUNCTION labs_members_changed();
