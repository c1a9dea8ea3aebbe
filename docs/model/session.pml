/*
 * The protocol of one session: one key, one vendor, one database, two replicas.
 *
 * Read it from the bottom: init starts the clock and two replicas. A replica does one thing at a time and chooses freely what: a
 * caller's request, a poll, a write-off. Each `atomic` is one step: one SQL statement, or one move of the vendor or the network.
 * Steps of the two replicas and of the clock interleave in every order. A replica may stop before each step (MAY_STOP); it
 * forgets everything then, and comes back. The `true` after a label is where others may step in: between two `atomic` that a
 * goto connects, spin lets no other process in. README.md says which class and statement a step stands for.
 *
 * A macro plants a mistake: RETRY_INIT, SETTLE_ANY_STATE, RESCHEDULE_UNFENCED, WRONG_CLOCK, CONCLUDE_ANY_ATTEMPT,
 * TAKE_BACK_BY_NUMBER. HELD_ACROSS_THE_END drops an assumption about time. Without any of them no assertion fails.
 */

/* Bounds that make the model finite. */
#ifndef ATTEMPTS
#define ATTEMPTS 3
#endif
#ifndef LEASES
#define LEASES   3
#endif

/* Statuses of the session's row. REJECTED may be tried again with the same key, REFUSED is a rejection that lasts. */
mtype = { ABSENT, OPENING, PENDING, PASSED, FAILED, EXPIRED, REJECTED, REFUSED, UNKNOWN };
/* What the vendor answers, next to REJECTED and REFUSED for init, PASSED, FAILED and EXPIRED for a poll. */
mtype = { ACCEPTED, ACCEPTED_FREE, WAITING, NOTHING };
/* The fee. OPEN stands for PRE_DEDUCTED and for UNCONFIRMED. */
mtype = { NONE, OPEN, CHARGED, REFUNDED };
/* The token's time by that of the replicas: it lives; it has ended; the grace after its end is over too. */
mtype = { LIVES, ENDED, OVER };

/* ---- The database: liveness_session, session_schedule, and the sums of ledger_entry ---- */
mtype status = ABSENT;
byte  attempt;
mtype fee = NONE;
bool  scheduled;                /* there is a row of session_schedule */
byte  lease;                    /* its columns; 0 without a row */
bool  leased;                   /* leased_until is in the future */
bool  orphaned;                 /* status OPENING: next_poll_at has passed */
byte  preDeductions, charges, refunds;

/* ---- Time and the vendor ---- */
mtype age = LIVES;
mtype verdict = NOTHING;        /* fixed once the person is done */

/* ---- What only the invariants read ---- */
byte  couldCost;                /* inits that were sent and of which no refusal was heard */
mtype settledAs = ABSENT;       /* the first final status */
bool  inForce[2];               /* the replica's lease has not run out, and was not ended */
bool  underWay[2];              /* a verdict of the token's life is on its way to the replica, or held by it */

#define FINAL (status == PASSED || status == FAILED || status == EXPIRED || status == REFUSED || status == UNKNOWN)

/* Holds after each statement. */
inline invariants() {
    assert(preDeductions == charges + refunds + (fee == OPEN -> 1 : 0));
    assert(preDeductions <= 1);
    if
    :: settledAs != ABSENT -> assert(status == settledAs)       /* once final, never changed */
    :: settledAs == ABSENT && FINAL -> settledAs = status
    :: else
    fi
}

/* ---- Statements. `rows` says how many sessions one has moved. ---- */

inline schedule()   { scheduled = true; lease = 0; leased = false }
inline unschedule() { scheduled = false; lease = 0; endLease() }
inline endLease()   { leased = false; inForce[0] = false; inForce[1] = false }

inline storeIntent(first) {
    if
    :: (first && status == ABSENT) || (!first && status == REJECTED && attempt == mine - 1) ->
        status = OPENING; attempt = mine; orphaned = false; schedule(); rows = 1
    :: else -> rows = 0
    fi;
    invariants()
}

#ifdef CONCLUDE_ANY_ATTEMPT
#define THIS_ATTEMPT true
#else
#define THIS_ATTEMPT (attempt == mine)
#endif

inline conclude(outcome) {
    if
    :: status == OPENING && THIS_ATTEMPT ->
        rows = 1; orphaned = false;
        if
        :: outcome == ACCEPTED      -> status = PENDING; fee = OPEN; preDeductions++
        :: outcome == ACCEPTED_FREE -> status = PENDING
        :: outcome == NOTHING       -> status = UNKNOWN; fee = OPEN; preDeductions++; endLease()
        :: else                     -> status = outcome; unschedule()   /* REJECTED, REFUSED */
        fi
    :: else -> rows = 0
    fi;
    invariants()
}

/* Only when this very statement had stored the intent: an attempt's number may be another replica's by now. */
#ifdef TAKE_BACK_BY_NUMBER
#define MY_INTENT (committed || mine > 1)
#else
#define MY_INTENT committed
#endif

inline takeBack() {
    if
    :: status == OPENING && attempt == mine && MY_INTENT ->
       status = (mine == 1 -> ABSENT : REJECTED); orphaned = false; unschedule();
       committed = false        /* its event is gone with it: the next intent of this number is another one */
    :: else
    fi;
    invariants()
}

inline takeLease() {
    lease++; leased = true;
    inForce[me] = true;
    assert(!inForce[1 - me]);           /* a lease in force is ended by its holder alone */
    myLease = lease; from = status; mine = attempt
}

#ifdef RESCHEDULE_UNFENCED
#define MY_LEASE true
#else
#define MY_LEASE (lease == myLease)
#endif

inline reschedule() {
    if
    :: scheduled && status == PENDING && MY_LEASE -> leased = false; inForce[me] = false
    :: else
    fi
}

#ifdef SETTLE_ANY_STATE
#define FROM_STATE true
#else
#define FROM_STATE (status == from)
#endif

inline settle(to, feeEnd, fenced) {
    if
    :: FROM_STATE && (!fenced || (scheduled && lease == myLease)) ->
        status = to;
        if
        :: fee == OPEN ->
            fee = feeEnd;
            if
            :: feeEnd == CHARGED -> charges++
            :: else -> refunds++
            fi
        :: else
        fi;
        unschedule()
    :: else
    fi;
    invariants()
}

#ifdef WRONG_CLOCK
#define GIVEN_UP true           /* the replica's own clock is hours ahead */
#else
#define GIVEN_UP (age == OVER)
#endif

#define POLL_DUE      (scheduled && status == PENDING && age != OVER && !leased && lease < LEASES)
#define WRITE_OFF_DUE (scheduled && !leased && lease < LEASES && \
                       ((status == OPENING && orphaned) || ((status == PENDING || status == UNKNOWN) && GIVEN_UP)))

/* ---- A replica ---- */

#define MAY_STOP if :: true :: true -> printf("%d stops\n", me); goto stopped fi

proctype Replica(byte me) {
    byte  mine;                 /* the attempt it works on */
    byte  myLease;
    byte  rows;
    bool  committed;            /* the intent was stored, though its answer was lost */
    mtype from = ABSENT;        /* the status it leased */
    mtype answer = NOTHING;

idle:
    true;
    atomic {
        mine = 0; myLease = 0; rows = 0; committed = false; from = ABSENT; answer = NOTHING;
        if
        :: true -> goto open
        :: POLL_DUE -> goto poll
        :: WRITE_OFF_DUE -> goto writeOff
        fi
    }

stopped:
    true;
    atomic { underWay[me] = false; goto idle }

    /* -- A caller's request, new or repeated -- */
open:
    true;
    atomic {
        MAY_STOP;
        mine = 1;
        if
        :: storeIntent(true);
           if
           :: rows == 1 -> printf("%d stores the intent\n", me); goto sendInit
           :: rows == 1 -> printf("%d stores the intent, the database's answer is lost\n", me); committed = true; goto takeItBack
           :: rows == 0 -> goto known
           fi
        :: goto takeItBack      /* the statement failed and was not carried out */
        fi
    }

known:
    true;
    atomic {
        MAY_STOP;
        if
        :: status == REJECTED && attempt < ATTEMPTS -> mine = attempt + 1; printf("%d finds attempt %d rejected, to be tried again\n", me, attempt)
        :: else -> goto idle    /* the stored session, or 409 while its opening is in flight */
        fi
    }
    atomic {
        MAY_STOP;
        if
        :: storeIntent(false);
           if
           :: rows == 1 -> printf("%d stores attempt %d\n", me, mine); goto sendInit
           :: rows == 1 -> printf("%d stores attempt %d, the database's answer is lost\n", me, mine); committed = true; goto takeItBack
           :: rows == 0 -> goto idle
           fi
        :: printf("%d cannot store attempt %d, the database fails\n", me, mine); goto takeItBack
        fi
    }

sendInit:
    true;
    atomic {
        MAY_STOP;
        if
        :: answer = REJECTED; printf("%d has no connection: init is not sent\n", me); goto recordInit
        :: committed = true; printf("%d has no place in the budget: init is not sent\n", me); goto takeItBack
        :: printf("%d sends init\n", me);
           assert(couldCost == 0);      /* at most one init that could have cost */
           couldCost++;
           if
           :: answer = ACCEPTED; printf("vendor takes the fee\n")
           :: answer = ACCEPTED_FREE
           :: answer = REJECTED
           :: answer = REFUSED
           :: answer = NOTHING          /* lost on its way to the vendor */
           fi
        fi
    }
    atomic {
        MAY_STOP;
        if
        :: answer == REJECTED || answer == REFUSED -> couldCost--; printf("%d hears: %e\n", me, answer)
        :: answer == ACCEPTED || answer == ACCEPTED_FREE -> printf("%d hears: %e\n", me, answer)
        :: answer = NOTHING; printf("%d hears no answer to init\n", me);
#ifdef RETRY_INIT
           if
           :: goto sendInit
           :: true
           fi
#endif
        fi
    }

recordInit:
    true;
    atomic {
        MAY_STOP;
        if
        :: conclude(answer); printf("%d records attempt %d: %e, rows %d\n", me, mine, answer, rows);
           if
           :: goto idle
           :: printf("%d does not hear that it was recorded\n", me); goto recordInit
           fi
        :: goto recordInit      /* not carried out */
        fi
    }

takeItBack:
    true;
    atomic {
        MAY_STOP;
        if
        :: takeBack(); printf("%d takes attempt %d back: now %e\n", me, mine, status);
           if
           :: goto idle
           :: goto takeItBack
           fi
        :: goto takeItBack
        fi
    }

    /* -- A poll: lease, ask, record -- */
poll:
    true;
    atomic {
        MAY_STOP;
        if
        :: POLL_DUE -> takeLease(); printf("%d takes lease %d to ask\n", me, lease);
           if
           :: true
           :: printf("%d does not hear of its lease\n", me); goto idle
           fi
        :: else -> goto idle
        fi
    }
    atomic {
        MAY_STOP;
        printf("%d asks, token %e\n", me, age);
        if
        :: age == LIVES && verdict == NOTHING -> answer = WAITING
        :: age == LIVES ->
           if
           :: verdict == NOTHING -> verdict = PASSED
           :: verdict == NOTHING -> verdict = FAILED
           :: verdict != NOTHING
           fi;
           answer = verdict; underWay[me] = true
        :: age != LIVES -> answer = EXPIRED     /* a verdict is not given again */
        :: answer = NOTHING
        fi
    }
    atomic {
        MAY_STOP;
        if
        :: answer != NOTHING -> printf("%d hears: %e\n", me, answer)
        :: answer = NOTHING; underWay[me] = false; printf("%d hears no answer\n", me)
        fi
    }

recordLook:
    true;
    atomic {
        MAY_STOP;
        if
        :: answer == WAITING || answer == NOTHING -> reschedule(); printf("%d reschedules with lease %d\n", me, myLease)
        :: answer == PASSED  -> settle(PASSED, CHARGED, false);   printf("%d settles PASSED: now %e\n", me, status)
        :: answer == FAILED  -> settle(FAILED, REFUNDED, false);  printf("%d settles FAILED: now %e\n", me, status)
        :: answer == EXPIRED -> settle(EXPIRED, REFUNDED, false); printf("%d settles EXPIRED: now %e\n", me, status)
        :: goto recordLook      /* not carried out */
        fi;
        if
        :: underWay[me] -> assert(status == verdict)   /* a verdict that was heard is recorded */
        :: else
        fi;
        if
        :: underWay[me] = false; goto idle
        :: printf("%d does not hear that it was recorded\n", me); goto recordLook
        fi
    }

    /* -- Write off what no answer can be had for -- */
writeOff:
    true;
    atomic {
        MAY_STOP;
        if
        :: WRITE_OFF_DUE -> takeLease(); printf("%d takes lease %d to write off %e\n", me, lease, from);
           if
           :: from == OPENING -> answer = NOTHING; goto recordInit
           :: from != OPENING
           :: goto idle         /* the lease's answer is lost */
           fi
        :: else -> goto idle
        fi
    }

recordWriteOff:
    true;
    atomic {
        MAY_STOP;
        if
        :: from == PENDING -> settle(EXPIRED, REFUNDED, true)
        :: from == UNKNOWN -> settle(UNKNOWN, REFUNDED, true)
        :: goto recordWriteOff
        fi;
        printf("%d writes off %e with lease %d: now %e\n", me, from, myLease, status);
        if
        :: goto idle
        :: goto recordWriteOff
        fi
    }
}

/* ---- The clock: what is due becomes so at any time; three steps wait for what README.md assumes ---- */

#define NO_VERDICT_UNDER_WAY (!underWay[0] && !underWay[1])
#ifdef HELD_ACROSS_THE_END
#define MAY_END true
#else
#define MAY_END NO_VERDICT_UNDER_WAY
#endif
#define HAS_TOKEN (status == PENDING || FINAL)

active proctype Clock() {
end:
    do
    :: atomic { status == OPENING && !orphaned -> orphaned = true; printf("the opening's time is over\n") }
    :: atomic { leased -> endLease(); printf("the lease runs out\n") }
    :: atomic { HAS_TOKEN && age == LIVES && MAY_END -> age = ENDED; printf("the token ends\n") }
    :: atomic { HAS_TOKEN && age == ENDED && NO_VERDICT_UNDER_WAY -> age = OVER; printf("the grace is over\n") }
    od
}

init {
    atomic { run Replica(0); run Replica(1) }
}
