#pragma once
/* libiscsi's headers use exact-width integers without including them. */
#include <stdint.h>
#include <sys/time.h>
#include <iscsi/iscsi.h>
#include <iscsi/scsi-lowlevel.h>
