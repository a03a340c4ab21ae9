-- Whoever is let in and does nothing kept a slot for a whole session. The default room, unless its operator
-- has chosen another time, gives it on after a tenth of that, a minute at most; off where sessions are short.
update room set first_action_seconds = least(60, session_seconds / 10), version = version + 1
where id = 'default' and first_action_seconds = 0 and session_seconds >= 100;
