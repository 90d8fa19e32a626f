// Monit's control file (Monit 5.33 manual, "The Monit control file"), as far as Redfleet does what it says. What it knows
// and does not do is parsed as well, whole, so that one fault can name it and say what to use instead.
grammar Monit;

options { caseInsensitive = true; }

file : statement* EOF ;

statement
    : SET DAEMON INT SECOND? (START DELAY INT SECOND?)?      # setDaemon
    | SET HTTPD rest                                         # setHttpd
    | SET what=(WORD | ALERT | SSL | ONREBOOT | PIDFILE) rest  # setOther
    | INCLUDE rest                                           # include
    | head clause*                                           # check
    | CHECK WORD rest                                        # checkOther
    ;

head
    : CHECK_PROCESS word (PIDFILE text | MATCHING text)            # processHead
    | CHECK_HOST word ADDRESS text                                 # hostHead
    | CHECK_SYSTEM word                                            # systemHead
    | CHECK_FILESYSTEM word PATH text                              # filesystemHead
    | CHECK_PROGRAM word PATH text asUser? (TIMEOUT INT SECOND?)?  # programHead
    ;

clause
    : START EQUAL? text asUser? (TIMEOUT INT SECOND?)?       # startProgram
    | STOP EQUAL? text asUser? (TIMEOUT INT SECOND?)?        # stopProgram
    | RESTART EQUAL? text asUser? (TIMEOUT INT SECOND?)?     # restartProgram
    | GROUP word                                             # group
    | DEPENDS word (COMMA word)*                             # depends
    | MODE word                                              # watchMode
    | EVERY INT CYCLE                                        # everyCycles
    | NOT? EVERY STRING                                      # everyCron
    | ONREBOOT (START | WORD)                                # onreboot
    | ALERT clauseRest                                       # localAlert
    | NOALERT clauseRest                                     # noAlert
    | IF condition                                                # ruleClause
    ;

asUser : UID text (GID text)? | GID text ;

condition
    : NOT EXIST tolerance? THEN action recovery?                                    # absent
    | EXIST tolerance? THEN action recovery?                                        # present
    | FAILED connectionPart+ tolerance? THEN action recovery?                       # connection
    | FAILED PING pingPart* tolerance? THEN action recovery?                        # ping
    | FAILED what=(WORD | UID | GID) clauseRest (THEN action recovery?)?                 # otherFailed
    | CHANGED what=(PID | PPID) tolerance? THEN action recovery?                         # changed
    | CHANGED what=(WORD | UID | GID) clauseRest (THEN action recovery?)?                # otherChanged
    | UPTIME operator? INT longUnit? tolerance? THEN action recovery?               # uptime
    | metric operator? number unit? tolerance? THEN action recovery?                # resource
    | STATUS operator? INT tolerance? THEN action recovery?                         # status
    | INT RESTART INT CYCLE THEN action                                             # restarts
    ;

connectionPart
    : HOST text
    | PORT INT
    | TYPE word
    | PROTOCOL word
    | SEND STRING
    | EXPECT STRING
    | TIMEOUT INT SECOND?
    | RETRY INT
    | SSL
    ;

pingPart : COUNT INT | TIMEOUT INT SECOND? ;

tolerance
    : INT TIMES INT CYCLE                                    # timesWithin
    | INT TIMES? CYCLE                                       # cycles
    | INT timeUnit                                           # lasting
    ;

recovery : ELSE (IF SUCCEEDED tolerance? THEN)? action ;

action
    : ALERT                                                  # alert
    | RESTART                                                # restart
    | START                                                  # start
    | STOP                                                   # stop
    | UNMONITOR                                              # unmonitor
    | TIMEOUT                                                # timeout
    | EXEC text asUser? (REPEAT EVERY repeat=INT CYCLE)?  # exec
    ;

metric
    : CPU (LPAREN word RPAREN)?
    | TOTALCPU
    | MEMORY
    | TOTALMEMORY
    | SWAP
    | CHILDREN
    | THREADS
    | LOADAVG (PER CORE)?
    | (SPACE | INODE) FREE?
    ;

operator : LESS | GREATER | ATMOST | ATLEAST | EQUAL | UNEQUAL ;
longUnit : SECOND | MINUTE | HOUR | DAY ;
timeUnit : MILLISECOND | longUnit ;
unit     : PERCENT | WORD ;
number   : INT | REAL ;

// A name may also be a word that means something elsewhere, unless a clause begins with it.
word
    : WORD | STRING | INT | ADDRESSWORD | HOST | PORT | TYPE | STATUS | PATH | CPU | MEMORY | SWAP | CHILDREN | THREADS | SPACE
    | INODE | FREE | COUNT | CORE | DAEMON | HTTPD | PID | PPID | UPTIME | SSL | PING | DELAY | PROTOCOL | ADDRESS
    ;
text : STRING | WORD | ADDRESSWORD | INT ;

// All up to the next statement, or the next clause: of what is refused or not needed.
rest : ~(SET | INCLUDE | CHECK | CHECK_PROCESS | CHECK_HOST | CHECK_SYSTEM | CHECK_FILESYSTEM | CHECK_PROGRAM)* ;
clauseRest
    : ~(SET | INCLUDE | CHECK | CHECK_PROCESS | CHECK_HOST | CHECK_SYSTEM | CHECK_FILESYSTEM | CHECK_PROGRAM | START | STOP
      | RESTART | GROUP | DEPENDS | MODE | NOT | EVERY | ONREBOOT | ALERT | NOALERT | IF | THEN)*
    ;

CHECK_PROCESS    : 'check' [ \t\r\n]+ 'process' ;
CHECK_HOST       : 'check' [ \t\r\n]+ 'host' ;
CHECK_SYSTEM     : 'check' [ \t\r\n]+ 'system' ;
CHECK_FILESYSTEM : 'check' [ \t\r\n]+ ('filesystem' | 'device') ;
CHECK_PROGRAM    : 'check' [ \t\r\n]+ 'program' ;
CHECK            : 'check' ;

SET       : 'set' ;
INCLUDE   : 'include' ;
DAEMON    : 'daemon' ;
HTTPD     : 'httpd' ;
DELAY     : 'delay' ;
PIDFILE   : 'pidfile' ;
MATCHING  : 'matching' | 'match' ;
ADDRESS   : 'address' ;
PATH      : 'path' ;
START     : 'start' ;
STOP      : 'stop' ;
RESTART   : 'restart' 's'? ;
GROUP     : 'group' ;
DEPENDS   : 'depend' 's'? ;
MODE      : 'mode' ;
EVERY     : 'every' ;
ONREBOOT  : 'onreboot' ;
ALERT     : 'alert' ;
NOALERT   : 'noalert' ;
UNMONITOR : 'unmonitor' ;
TIMEOUT   : 'timeout' ;
EXEC      : 'exec' ;
REPEAT    : 'repeat' ;
IF        : 'if' ;
THEN      : 'then' ;
ELSE      : 'else' ;
NOT       : 'not' ;
EXIST     : 'exist' 's'? ;
FAILED    : 'failed' ;
CHANGED   : 'changed' ;
SUCCEEDED : 'succeeded' | 'passed' | 'recovered' ;
HOST      : 'host' | 'hostname' ;
PORT      : 'port' ;
TYPE      : 'type' ;
PROTOCOL  : 'proto' ('col')? ;
SEND      : 'send' ;
EXPECT    : 'expect' ;
RETRY     : 'retry' ;
SSL       : 'ssl' | 'tls' ;
PING      : 'ping' | 'icmp' ;
COUNT     : 'count' ;
PID       : 'pid' ;
PPID      : 'ppid' ;
UID       : 'uid' ;
GID       : 'gid' ;
UPTIME    : 'uptime' ;
STATUS    : 'status' ;
CPU       : 'cpu' ;
TOTALCPU  : 'total' [ \t]* 'cpu' ;
MEMORY    : 'mem' ('ory')? ;
TOTALMEMORY : 'total' [ \t]* 'mem' ('ory')? ;
SWAP      : 'swap' ;
CHILDREN  : 'children' ;
THREADS   : 'threads' ;
LOADAVG   : 'loadavg' [ \t]* '(' [ \t]* ('1' | '5' | '15') [ \t]* 'min' [ \t]* ')' ;
PER       : 'per' ;
CORE      : 'core' ;
SPACE     : 'space' ;
INODE     : 'inode' 's'? ;
FREE      : 'free' ;

CYCLE       : 'cycle' 's'? ;
TIMES       : 'time' 's'? ;
MILLISECOND : 'ms' | 'millisecond' 's'? ;
SECOND      : 's' | 'sec' | 'second' 's'? ;
MINUTE      : 'minute' 's'? ;
HOUR        : 'hour' 's'? ;
DAY         : 'day' 's'? ;

// Words that only make a statement easier to read (Monit manual, "Keywords": noise keywords).
NOISE : ( 'is' | 'as' | 'are' | 'on' | 'only' | 'with' | 'within' | 'and' | 'has' | 'using' | 'use' | 'the' | 'sum' | 'program'
        | 'programs' | 'than' | 'for' | 'usage' | 'was' | 'but' | 'of' | 'does' ) -> skip ;

ATMOST  : '<=' ;
ATLEAST : '>=' ;
UNEQUAL : '!=' | '<>' | 'ne' | 'notequal' ;
EQUAL   : '=' '='? | 'eq' | 'equal' ;
LESS    : '<' | 'lt' | 'less' ;
GREATER : '>' | 'gt' | 'greater' ;
PERCENT : '%' ;
LPAREN  : '(' ;
RPAREN  : ')' ;
COMMA   : ',' ;

REAL        : [0-9]+ '.' [0-9]+ ;
INT         : [0-9]+ ;
ADDRESSWORD : [0-9]+ '.' [0-9]+ '.' [0-9]+ '.' [0-9]+ | [0-9a-f]* ':' [0-9a-f]* ':' [0-9a-f:.]* ;
STRING      : '"' ~["\r\n]* '"' | '\'' ~['\r\n]* '\'' ;
WORD        : [a-z_/$~.@*^] ~[ \t\r\n"'=<>!,;{}()#%[\]]* ;

COMMENT : '#' ~[\r\n]* -> skip ;
SPACES  : [ \t\r\n]+ -> skip ;
OTHER   : . ;
