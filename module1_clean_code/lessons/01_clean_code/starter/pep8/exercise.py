'''parts features and answer'''
# Your turn: PEP 8 without a change of what the functions do. autopep8 does most of it.
import os, sys
import numpy as np, pandas
from churn.schema import *
from churn.errors import InputError
def split_target( customers ):
  '''Part the features from the answer; 1 where the customer left.'''
  features=customers[ list( FEATURES ) ]
  l=(customers[TARGET]==LEFT) ; l=l.astype( int )
  has_left = l.rename( 'has_left' )
  return (features,has_left)
def require_both_classes(has_left) :
	'''Raise InputError unless some customers left and some stayed; a table with one answer only measures nothing.'''
	values=np.unique( np.asarray( has_left ) )
	if not len( values )>=2 : raise InputError( 'all customers left, or none: nothing can be measured' )
