package io.concert.user;

import io.concert.domain.UserId;
import io.concert.domain.UserUuid;

/**
 * What never changes about a user, so that it may be cached for good.
 *
 * @param uuid a guest's secret
 * @param isProtected has a password, so the bare UUID opens nothing
 */
public record User(UserId number, UserUuid uuid, boolean isProtected) {}
